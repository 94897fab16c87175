"""What a phone adds by itself is no part of what its owner says."""

# ruff: noqa: RUF001 - other scripts
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_api.lifecycle.signatures import without_signature


@pytest.mark.parametrize(
    "signature",
    [
        "Sent from my iPhone", "Sent from my iPad", "sent from my iphone", "Sent from my Samsung Galaxy smartphone.",
        "Sent from my Verizon, Samsung Galaxy smartphone", "Sent from my Galaxy", "Sent from my T-Mobile 5G Device",
        "Sent from my Pixel 8 Pro", "Sent from my mobile, please excuse typos", "Sent via iPhone",
        "-Sent from my iPhone",
        "*Sent from my iPhone*", "Get Outlook for iOS", "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Sent from Outlook for iOS", "Sent from Yahoo Mail for iPhone", "Sent from Yahoo Mail on Android",
        "Sent from Mail for Windows 10", "Sent from Proton Mail for iOS", "Sent with AquaMail for Android",
        "Enviado desde mi iPhone", "Enviado desde mi Samsung Mobile de Telcel", "Obtener Outlook para iOS",
        "Enviado do meu iPhone", "Obter o Outlook para Android", "Envoyé de mon iPhone", "Envoyé de mon téléphone",
        "Envoyé depuis mon Samsung", "Télécharger Outlook pour iOS", "Von meinem iPhone gesendet",
        "Gesendet von meinem Samsung Galaxy", "Gesendet mit der GMX Mail App", "Outlook für iOS beziehen",
        "Holen Sie sich Outlook für Android",
        "Diese Nachricht wurde von meinem Android-Gerät mit GMX Mail gesendet.", "Inviato da iPhone",
        "Inviato dal mio telefono", "Scarica Outlook per iOS", "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn Galaxy", "Outlook voor iOS downloaden", "Skickat från min iPhone", "Sendt fra min iPhone",
        "Hent Outlook til iOS", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Wysłano z mojego smartfona Samsung",
        "Odesláno z iPhonu", "Odoslané z iPhonu", "Trimis de pe iPhone-ul meu", "iPhone-ról küldve",
        "Отправлено с iPhone", "Отправлено из мобильной Почты Mail", "Надіслано з iPhone", "iPhone'umdan gönderildi",
        "Στάλθηκε από το iPhone μου", "iPhoneから送信", "发自我的iPhone", "發自我的 iPhone", "從我的 iPhone 傳送",
        "나의 iPhone에서 보냄", "נשלח מה-iPhone שלי", "تم الإرسال من الـ iPhone",
        "Đã gửi từ iPhone của tôi", "Dikirim dari iPhone saya", "ส่งจาก iPhone ของฉัน", "मेरे iPhone से भेजा गया",
        "--\nJane Doe\nAcme Ltd", "-- \nSent from my iPhone", "—\nJane",
    ],
)  # fmt: skip
@pytest.mark.parametrize("message", ["2", "Where is my order?\n\nIt is late."])
def test_a_signature_is_taken_off(message: str, signature: str) -> None:
    assert without_signature(f"{message}\n\n{signature}") == message
    assert without_signature(f"{message}\r\n{signature}\r\n") == message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2 Sent from my iPhone", "2"),
        ("STOP  Sent from my Samsung Galaxy", "STOP"),
        ("5 - Enviado desde mi iPhone", "5"),
        ("2 发自我的iPhone", "2"),
        ("Stop\n\nSent from my iPhone\n\nGet Outlook for iOS", "Stop"),
        ("2\n\n\nEnvoye\u0301 de mon iPhone", "2"),
    ],
)
def test_other_places_of_a_signature(text: str, words: str) -> None:
    assert without_signature(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "", "2", "Sent from my iPhone", "it was sent from my iPhone yesterday", "The order was sent from my phone",
        "I got a parcel\nSent from Berlin", "Hello\nGet me a new one please", "What is it\nGet it now",
        "I need\n- milk\n- eggs", "Line one\n\nLine two ", "Bought with my Samsung phone", "2\n--",
        "Is the offer for my iPhone too?", "My question\nDownload does not work", "Ja\nhent den i morgen",
        "Call me\non my mobile", "I have an iPhone\nand a Samsung",
        "Hello\nfå en mobil", "please\nGet a mobile plan", "Hi\nget a new phone", "No. Get my phone",
        "How?\nsent by mail",
        "2, get a mail", "1 Sent on my behalf", "I want to\nget Outlook", "When?\nsent with love",
    ],
)  # fmt: skip
def test_words_of_the_person_stay(text: str) -> None:
    assert without_signature(text) == text


@given(st.text(max_size=80))
@settings(deadline=None)
def test_nothing_is_added_and_something_stays(text: str) -> None:
    bare = without_signature(text)
    assert bool(bare.strip()) == bool(text.strip())
    assert len(bare) <= len(text)
