"""How phones write reactions in their owners' languages; ``{}`` is what was reacted to.

iPhones send a reaction to somebody without one as a text in the language of the phone (``Le gustó “…”``), Google
Messages as an emoji with a preposition (``👍 to “…”``). The wordings are those seen in exported conversations and in
programs that read them; where an iPhone's differ by version, all are here.
"""

# ruff: noqa: RUF001, E501, SIM905 - other scripts; one language a line; word lists read better as words
from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Wordings by kind, separated by bars; a language a line: en, es, fr, de, it, pt, nl, sv, da, nb, fi, pl, cs, sk, hu,
#: ro, el, tr, ru, uk, he, ar, hi, vi, id, th, zh, ja, ko.
ADDED: Mapping[str, Sequence[str]] = {
    "liked": (
        "Liked {}|Thumbs up {}",
        "Le gustó {}|Indicó que le gusta {}|Puso me gusta a {}|Marcó con me gusta {}|Marcó me gusta en {}|Reaccionó con me gusta a {}|Dio me gusta a {}",
        "A aimé {}|Aime {}|A ajouté un j'aime à {}|A mis un j'aime à {}|A réagi avec un j'aime à {}",
        "Gefällt {}|Hat {} mit gefällt mir markiert|{} gefällt|Mag {}|Gefiel {}|Findet {} gut|Hat auf {} mit gefällt mir reagiert",
        "Ha messo mi piace a {}|Gli è piaciuto {}|Le è piaciuto {}|È piaciuto {}|Piace {}|Ha gradito {}",
        "Gostou de {}|Curtiu {}|Gosta de {}|Marcou como gostei {}",
        "Vond {} leuk|Vindt {} leuk|Leuk gevonden: {}|Heeft {} leuk gevonden",
        "Gillade {}|Gillar {}", "Syntes godt om {}|Synes godt om {}|Kunne lide {}|Likede {}", "Likte {}|Liker {}",
        "Tykkäsi viestistä {}|Tykkäsi {}|Tykkäsi kohteesta {}|Piti viestistä {}",
        "Polubiono {}|Polubił {}|Polubiła {}|Polubił(a) {}|Lubi {}|Podoba się {}|Spodobało się {}",
        "Líbí se {}|Líbilo se {}|Označil(a) {} jako líbí se|To se mi líbí {}", "Páči sa {}|Páčilo sa {}",
        "Tetszett neki: {}|Tetszik neki {}|Kedvelte: {}|Kedvelte {}", "A apreciat {}|I-a plăcut {}|Îi place {}",
        "Του άρεσε {}|Της άρεσε {}|Άρεσε {}|Αρέσει {}", "{} beğenildi|{} beğendi|{} mesajını beğendi|Beğendi {}|Beğenildi: {}|{} ögesini beğendi",
        "Понравилось {}|Нравится {}|Поставил(а) лайк {}|Поставил лайк {}|Поставила лайк {}|Отметил(а) как понравившееся {}",
        "Сподобалося {}|Подобається {}|Вподобано {}|Вподобав {}|Вподобала {}",
        "אהב את {}|אהבה את {}|אהב/ה את {}|אהב {}|סימן לייק ל-{}", "أعجبه {}|أعجبها {}|أعجبني {}|أُعجب ب {}|أبدى إعجابه ب {}",
        "{} पसंद किया|{} को पसंद किया", "Đã thích {}", "Menyukai {}", "ถูกใจ {}|ชอบ {}", "赞了{}|点赞了{}|喜欢{}|喜歡{}|覺得{}很讚|对{}点赞|對{}按讚|说{}很赞",
        "{}に“いいね”しました|{}にいいねしました|{}を高く評価しました|{}に“いいね”と反応しました|{}に「いいね」しました|{}がいいねされました",
        "{}에 좋아요를 표시함|{}을(를) 좋아함|{}을 좋아함|{}를 좋아함|{}에 '좋아요'를 표시함|{}에 좋아요를 남김",
    ),
    "loved": (
        "Loved {}|Hearted {}", "Le encantó {}|Adoró {}|Le encanta {}|Reaccionó con un corazón a {}|Amó {}", "A adoré {}|Adore {}|A ajouté un cœur à {}|A mis un cœur à {}",
        "Liebt {}|Hat {} mit einem Herz markiert|Liebte {}|Ist begeistert von {}|Fand {} toll|Findet {} toll|Hat ein Herz für {} vergeben|Herz für {}",
        "Ha adorato {}|Adora {}|Ha amato {}|Ha messo un cuore a {}|Piace moltissimo {}", "Adorou {}|Amou {}|Adora {}|Ama {}|Marcou com coração {}",
        "Vond {} geweldig|Vindt {} geweldig|Hield van {}|Houdt van {}|Was dol op {}", "Älskade {}|Älskar {}", "Elskede {}|Elsker {}", "Elsket {}|Elsker {}",
        "Rakasti viestiä {}|Rakasti {}|Rakastaa {}|Rakastui viestiin {}", "Pokochał {}|Pokochała {}|Pokochał(a) {}|Uwielbia {}|Kocha {}|Zachwyca się {}",
        "Miluje {}|Zamiloval(a) si {}|Zbožňuje {}", "Miluje {}", "Imádta: {}|Imádja {}|Imádta {}", "A adorat {}|A iubit {}|Adoră {}",
        "Λάτρεψε {}|Λατρεύει {}", "{} çok sevildi|{} mesajına bayıldı|{} bayıldı|Bayıldı {}|{} kalp bıraktı",
        "Очень понравилось {}|В восторге от {}|Обожает {}|Полюбил {}|Полюбила {}|Полюбил(а) {}", "Дуже сподобалося {}|Обожнює {}|У захваті від {}",
        "אהב מאוד את {}|אהבה מאוד את {}|התאהב ב-{}", "أحبّ {}|أحب {}|أحبت {}|عشق {}", "{} से प्यार किया|{} बहुत पसंद किया", "Đã yêu thích {}|Rất thích {}", "Sangat menyukai {}|Mencintai {}",
        "รัก {}|หลงรัก {}", "爱{}|爱了{}|很喜欢{}|愛{}|喜爱了{}|非常喜歡{}|超爱{}", "{}にハートしました|{}を“大好き”と反応しました|{}にハートをつけました|{}が大好き", "{}에 하트를 표시함|{}을(를) 사랑함|{}에 하트를 남김|{}을(를) 매우 좋아함",
    ),
    "disliked": (
        "Disliked {}|Thumbs down {}", "No le gustó {}|Indicó que no le gusta {}|Puso no me gusta a {}|Reaccionó con no me gusta a {}", "N'a pas aimé {}|N'aime pas {}|A ajouté un je n'aime pas à {}",
        "Gefällt {} nicht|Gefällt nicht {}|Gefällt nicht: {}|{} gefällt nicht|Hat {} mit gefällt mir nicht markiert|Mag {} nicht|Findet {} schlecht", "Non ha gradito {}|Non gli è piaciuto {}|Non le è piaciuto {}|Non è piaciuto {}|Ha messo non mi piace a {}|Non piace {}",
        "Não gostou de {}|Não curtiu {}|Não gosta de {}|Desgostou de {}", "Vond {} niet leuk|Vindt {} niet leuk|Niet leuk gevonden: {}", "Ogillade {}|Gillade inte {}|Ogillar {}", "Syntes ikke om {}|Syntes ikke godt om {}|Synes ikke om {}|Kunne ikke lide {}",
        "Likte ikke {}|Mislikte {}|Liker ikke {}", "Ei tykännyt viestistä {}|Ei tykännyt {}|Ei pitänyt viestistä {}", "Nie spodobało się {}|Nie podoba się {}|Nie polubił {}|Nie polubiła {}|Nie lubi {}", "Nelíbí se {}|Nelíbilo se {}", "Nepáči sa {}|Nepáčilo sa {}",
        "Nem tetszett neki: {}|Nem tetszett {}|Nem tetszik neki {}", "Nu i-a plăcut {}|Nu îi place {}", "Δεν του άρεσε {}|Δεν της άρεσε {}|Δεν άρεσε {}", "{} beğenilmedi|{} beğenmedi|{} mesajını beğenmedi",
        "Не понравилось {}|Не нравится {}|Поставил(а) дизлайк {}|Поставил дизлайк {}", "Не сподобалося {}|Не подобається {}", "לא אהב את {}|לא אהבה את {}|לא אהב/ה את {}", "لم يعجبه {}|لم يعجبها {}|لم يعجبني {}", "{} नापसंद किया", "Không thích {}|Đã không thích {}",
        "Tidak menyukai {}", "ไม่ถูกใจ {}|ไม่ชอบ {}", "踩了{}|不喜欢{}|不喜歡{}|觉得{}不好|對{}按倒讚", "{}を低く評価しました|{}に“よくないね”しました|{}に“よくないね”と反応しました|{}がよくないと反応しました", "{}에 싫어요를 표시함|{}을(를) 싫어함|{}에 싫어요를 남김",
    ),
    "laughed": (
        "Laughed at {}", "Le dio risa {}|Se rió de {}|Se rio de {}|Le hizo gracia {}|Le pareció gracioso {}|Reaccionó con jaja a {}", "A ri de {}|A ri à {}|Rit de {}|A trouvé {} drôle", "Lacht über {}|Lachte über {}|Hat über {} gelacht|Fand {} lustig|Findet {} lustig|Hat auf {} mit haha reagiert",
        "Ha riso per {}|Ha riso a {}|Ha riso di {}|Ride per {}|Ride di {}|Ha trovato divertente {}", "Riu de {}|Riu com {}|Riu-se de {}|Achou graça de {}|Ri de {}", "Lachte om {}|Moest lachen om {}|Lacht om {}|Heeft gelachen om {}|Vond {} grappig", "Skrattade åt {}|Skrattar åt {}",
        "Grinede ad {}|Lo ad {}|Ler ad {}|Grinte ad {}", "Lo av {}|Ler av {}", "Nauroi viestille {}|Nauroi {}|Nauraa {}", "Zaśmiał się z {}|Zaśmiała się z {}|Śmieje się z {}|Roześmiano się z {}|Rozśmieszyło {}|Zaśmiał(a) się z {}", "Zasmál se {}|Zasmál(a) se {}|Směje se {}|Rozesmálo {}", "Smeje sa na {}|Zasmial sa na {}",
        "Nevetett ezen: {}|Nevetett rajta: {}", "A râs la {}|Râde de {}", "Γέλασε με {}|Γελάει με {}", "{} güldü|{} mesajına güldü|{} gülündü|Güldü {}", "Рассмеялся над {}|Рассмеялась над {}|Рассмеялся(-ась) над {}|Смеется над {}|Смеётся над {}|Рассмешило {}|Посмеялся над {}|Посмеялась над {}|Засмеялся над {}",
        "Розсміявся з {}|Розсміялася з {}|Сміється з {}|Розсмішило {}", "צחק על {}|צחקה על {}|צחק/ה על {}|צחק מ{}", "ضحك على {}|ضحكت على {}|أضحكه {}", "{} पर हँसे|{} पर हंसे", "Đã cười {}|Cười {}", "Menertawakan {}|Tertawa {}", "หัวเราะ {}|ขำ {}", "被{}逗笑|对{}大笑|笑了{}|對{}大笑|觉得{}好笑|覺得{}好笑",
        "{}に笑いました|{}に“ハハハ”と反応しました|{}に爆笑しました|{}を笑いました", "{}에 웃음|{}에 웃음을 표시함|{}을(를) 보고 웃음|{}에 웃음을 남김",
    ),
    "emphasized": (
        "Emphasized {}|Emphasised {}", "Exclamó por {}|Enfatizó {}|Destacó {}|Resaltó {}|Recalcó {}|Exclamó {}", "A mis en évidence {}|A souligné {}|A mis l'accent sur {}|S'est exclamé {}|S'est exclamé(e) sur {}|A accentué {}|A insisté sur {}", "Betont {}|Hat {} betont|Betonte {}|Hat {} hervorgehoben|Hob {} hervor|Hebt {} hervor",
        "Ha enfatizzato {}|Ha messo in evidenza {}|Ha evidenziato {}|Ha sottolineato {}|Enfatizza {}", "Enfatizou {}|Destacou {}|Realçou {}|Sublinhou {}", "Benadrukte {}|Heeft {} benadrukt|Benadrukt {}|Legde nadruk op {}", "Betonade {}|Framhävde {}|Underströk {}", "Fremhævede {}|Understregede {}|Fremhævet {}", "Fremhevet {}|Understreket {}|Understrekte {}",
        "Korosti viestiä {}|Korosti {}|Painotti {}", "Podkreślił {}|Podkreśliła {}|Podkreślono {}|Podkreślił(a) {}|Wyróżniono {}|Zaakcentowano {}", "Zdůraznil {}|Zdůraznil(a) {}|Zdůrazněno {}", "Zdôraznil {}|Zdôraznil(a) {}", "Kiemelte: {}|Kiemelte {}|Hangsúlyozta {}", "A accentuat {}|A evidențiat {}|A subliniat {}", "Έδωσε έμφαση σε {}|Τόνισε {}|Έδωσε έμφαση στο {}",
        "{} vurgulandı|{} vurguladı|{} mesajını vurguladı", "Выделил {}|Выделила {}|Выделил(а) {}|Подчеркнул {}|Подчеркнула {}|Подчеркнул(а) {}|Выделено {}|Акцентировал {}|Акцентировал(а) внимание на {}", "Виділив {}|Виділила {}|Підкреслив {}|Підкреслила {}|Наголосив на {}|Наголошено на {}", "הדגיש את {}|הדגישה את {}|הדגיש/ה את {}", "شدد على {}|أكّد على {}|أكد على {}|شدّد على {}",
        "{} पर ज़ोर दिया|{} पर जोर दिया", "Đã nhấn mạnh {}|Nhấn mạnh {}", "Menekankan {}", "เน้น {}|เน้นย้ำ {}", "强调了{}|强调{}|強調了{}|強調{}", "{}を強調しました|{}に“！！”と反応しました|{}に“!!”と反応しました", "{}을(를) 강조함|{}을 강조함|{}를 강조함|{}에 강조를 표시함",
    ),
    "questioned": (
        "Questioned {}", "Dudó sobre {}|Cuestionó {}|Preguntó por {}|Preguntó sobre {}|Dudó de {}|Puso en duda {}", "A posé une question sur {}|A mis en doute {}|S'est interrogé {}|S'est interrogé(e) sur {}|S'interroge sur {}|A questionné {}|A remis en question {}", "Fragt nach {}|Hat {} hinterfragt|Hinterfragt {}|Hinterfragte {}|Fragte nach {}|Hat {} infrage gestellt|Hat {} in Frage gestellt|Stellt {} infrage|Stellte {} infrage",
        "Ha messo in dubbio {}|Ha domandato {}|Ha chiesto {}|Ha messo in discussione {}|Si chiede {}|Ha espresso dubbi su {}", "Questionou {}|Perguntou sobre {}|Questiona {}|Duvidou de {}", "Stelde een vraag over {}|Vroeg zich af {}|Zette vraagtekens bij {}|Twijfelde aan {}|Trok {} in twijfel|Had een vraag over {}|Plaatste een vraagteken bij {}", "Ifrågasatte {}|Undrade över {}|Ifrågasätter {}",
        "Satte spørgsmålstegn ved {}|Stillede spørgsmål til {}|Betvivlede {}|Spurgte om {}", "Stilte spørsmål ved {}|Satte spørsmålstegn ved {}|Spurte om {}|Stilte spørsmål om {}", "Kyseenalaisti viestin {}|Kyseenalaisti {}|Ihmetteli {}|Kysyi {}", "Zapytał o {}|Zapytała o {}|Zakwestionowano {}|Zakwestionował {}|Zakwestionowała {}|Zakwestionował(a) {}|Kwestionuje {}|Zapytano o {}",
        "Zpochybnil {}|Zpochybnil(a) {}|Zeptal se na {}|Zpochybněno {}", "Spochybnil {}|Spochybnil(a) {}", "Megkérdőjelezte: {}|Megkérdőjelezte {}|Rákérdezett: {}", "A pus sub semnul întrebării {}|A întrebat despre {}|A pus la îndoială {}", "Αμφισβήτησε {}|Ρώτησε για {}|Έθεσε ερώτημα για {}", "{} sorgulandı|{} sorguladı|{} mesajını sorguladı",
        "Задал вопрос {}|Задала вопрос {}|Задал(а) вопрос {}|Усомнился в {}|Усомнилась в {}|Вопрос к {}|Вопрос {}|Спросил о {}|Спросила о {}|Спросил(а) про {}|Под вопросом {}|Озадачило {}", "Поставив запитання {}|Поставила запитання {}|Запитав про {}|Запитала про {}|Засумнівався в {}|Запитання щодо {}", "הטיל ספק ב-{}|שאל על {}|שאלה על {}|תהה לגבי {}|הטיל/ה ספק ב{}", "شكك في {}|شكّك في {}|تساءل عن {}|سأل عن {}|استفسر عن {}",
        "{} पर सवाल उठाया|{} पर प्रश्न किया", "Đã hỏi về {}|Hỏi {}|Đã đặt câu hỏi về {}", "Mempertanyakan {}|Menanyakan {}", "สงสัย {}|ถามเกี่ยวกับ {}|ตั้งคำถาม {}", "对{}表示疑问|质疑{}|質疑{}|对{}提出疑问|對{}表示疑問|疑问{}", "{}に質問しました|{}に“？”と反応しました|{}に疑問を示しました|{}に“?”と反応しました", "{}에 대해 질문함|{}에 물음표를 표시함|{}에 의문을 표시함|{}에 물음표를 남김",
    ),
}  # fmt: skip

#: Words with which taking a reaction back begins or ends, in the third person; nobody writes of themselves so.
REMOVED = (
    "removed|removed a|was removed from|eliminó|quitó|retiró|suprimió|borró|a supprimé|a retiré|a enlevé|a annulé|hat|entfernte|entfernt"
    "|ha rimosso|ha eliminato|ha tolto|removeu|retirou|tirou|heeft|verwijderde|verwijderd|tog bort|fjernede|fjernet|poisti"
    "|usunięto|usunął|usunęła|usunął(a)|odebral|odebral(a)|odstranil|odstranil(a)|odstránil|odstránil(a)|eltávolította|visszavonta|a eliminat|a șters|a scos"
    "|αφαίρεσε|κατάργησε|kaldırıldı|kaldırdı|geri alındı|удалил|удалила|удалил(а)|удалено|удалена|убрал|убрала|убрал(а)|снял|сняла|снял(а)|отменил|отменила"
    "|видалив|видалила|видалено|прибрав|прибрала|скасував|скасувала|הסיר|הסירה|הסיר/ה|ביטל|أزال|أزالت|حذف|ألغى|تمت إزالة|हटाया|हटा दिया|đã xóa|đã gỡ|đã bỏ|menghapus|ลบ|ยกเลิก"
    "|移除了|取消了|撤销了|删除了|移除|取消|收回了|を取り消しました|を削除しました|取り消しました|を外しました|을(를) 삭제함|를 삭제함|을 삭제함|삭제함|를 취소함|을(를) 취소함|제거함"
)
#: What was taken back: the reaction's own name, in some languages.
REMOVED_THING = (
    "like|heart|dislike|laugh|exclamation|exclamation mark|exclamation point|emphasis|question|question mark|reaction"
    "|me gusta|corazón|risa|carcajada|exclamación|interrogación|énfasis|reacción|j'aime|cœur|coeur|rire|exclamation|interrogation|réaction"
    "|gefällt|herz|lachen|ausrufezeichen|fragezeichen|reaktion|betonung|mi piace|cuore|risata|esclamativo|interrogativo|reazione|esclamazione|domanda"
    "|gostei|curtida|coração|risada|exclamação|interrogação|reação|reacção|hart|lach|uitroep|vraagteken|reactie|duim|hjärta|hjerte|skratt|latter|utrops|udråb|utrop"
    "|frågetecken|spørgsmåls|spørsmåls|gilla|reaktio|sydä|tykkäy|nauru|huuto|kysymys|serc|śmiech|wykrzyknik|pytajnik|polubieni|reakcj|srd|smích|vykřičník|otazník|líbí|reakc"
    "|lájk|szív|nevetés|felkiáltó|kérdőjel|reakció|inim|apreci|râs|reacți|καρδι|μου αρέσει|αντίδραση|γέλιο|beğeni|kalp|gülme|ünlem|soru|tepki"
    "|лайк|сердц|сердеч|серц|вподоб|смех|сміх|восклиц|оклик|вопрос|запит|реакц|нравится|подоба|дизлайк|לב|לייק|תגוב|צחוק|קריאה|שאלה|إعجاب|قلب|ضحك|تعجب|استفهام|تفاعل"
    "|赞|讚|心|笑|感叹|驚嘆|感嘆|问号|問號|回应|回應|反应|いいね|ハート|笑|感嘆|疑問|はてな|リアクション|좋아요|하트|웃음|느낌표|물음표|반응|싫어요"
)
#: Stems of "reacted", beside an emoji.
REACTED = (
    "react|reacc|réag|reag|reager|reaktion|ha reagito|reaz|zareag|reakc|a reacț|αντέδρασε|αντίδραση|tepki|ifade|реакц|отреаг|відреаг|реагу"
    "|הגיב|תגוב|تفاعل|प्रतिक्रिया|bày tỏ|phản|bereaksi|reaksi|แสดง|回应|回應|反应|反應|リアクション|反応|반응|表情"
)
#: Google Messages' prepositions, beside an emoji.
TO = frozenset(
    "to a à au à: zu auf su al em ao para op aan till til på mot do na kohteeseen viestiin k ke na na: la σε στο için"
    " mesajına к ко на до из from de von da dari من إلى على ל אל על को पर cho vào ke untuk ถึง ต่อ 对 對 给 給 に へ から 에 에게 에서"
    " an with mit con avec com met med 以 で 用 로 את ب від z z: od från fra για".split()
)
#: What stands for a picture or a file, with its article.
THINGS = (
    "image|photo|picture|movie|video|attachment|audio message|voice message|sticker|link|file|contact|location|gif|message|memoji"
    "|imagen|foto|video|vídeo|archivo adjunto|adjunto|mensaje de audio|nota de voz|enlace|ubicación|mensaje|película"
    "|image|vidéo|pièce jointe|message audio|autocollant|lien|message|photo|bild|foto|video|anhang|audionachricht|sprachnachricht|nachricht|film|sticker"
    "|immagine|video|allegato|messaggio audio|messaggio|filmato|adesivo|imagem|anexo|mensagem de áudio|mensagem|filme|ficheiro"
    "|afbeelding|bijlage|bericht|spraakbericht|audiobericht|bilaga|bild|ljudmeddelande|meddelande|billede|vedhæftning|besked|bilde|vedlegg|melding|kuva|liite|video|viesti"
    "|obraz|zdjęcie|załącznik|wiadomość|obrázek|fotku|přílohu|zprávu|obrázok|képet|kép|fotografie|imagine|εικόνα|φωτογραφία|resim|fotoğraf|görsel"
    "|изображение|фото|фотографию|видео|вложение|сообщение|стикер|зображення|відео|вкладення|повідомлення|תמונה|סרטון|صورة|فيديو|مرفق|رسالة"
    "|ảnh|hình ảnh|gambar|foto|รูปภาพ|图片|照片|圖片|视频|影片|附件|画像|写真|ビデオ|イメージ|添付ファイル|이미지|사진|비디오|동영상|첨부 파일"
)
ARTICLES = "a|an|the|your|un|una|uno|une|l'|la|el|le|ein|eine|einen|einem|einer|um|uma|een|en|ett|et|ei|egy|o|bir|一张|一個|一个|一張|一段|一条|的"
