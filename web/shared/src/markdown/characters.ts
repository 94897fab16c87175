/** Classes of characters, the same as in Python, whose `\s` and `\w` differ from those here. */

/** Blanks, to be put into a class of a regular expression. */
export const BLANKS = "\\t\\n \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
/** What a backslash takes its meaning from, to be put into a class. */
export const ESCAPABLE = "\\\\`*_{}\\[\\]()#+\\-.!>~|";

/** Signs of literal parts while they are read, as in `literal.ts`: of the private use area, which nobody types. */
export const FIRST_MASK = 0xee00;
export const MASKED = /[\uee00-\uee7f]/g;
export const unmaskedSign = (masked: string): string => String.fromCharCode(masked.charCodeAt(0) - FIRST_MASK);

const BLANK = new RegExp(`^[${BLANKS}]$`);
const ENDS = new RegExp(`^[${BLANKS}]+|[${BLANKS}]+$`, "g");
const CONTROLS = /[\0-\x08\v\f\x0e-\x1f\x7f]/g;
const WORD = /^[\p{L}\p{N}]$/u;
const DIGIT = /^[0-9]$/;

/** Whether it is one blank; the end of the text is none. */
export const blank = (char: string): boolean => BLANK.test(char);

/** Whether it is part of a word in a script that sets blanks between words, as Chinese, Thai and Korean endings do not. */
export const wordy = (char: string): boolean => char < "\u0e00" && WORD.test(char);

export const digit = (char: string): boolean => DIGIT.test(char);

export const trim = (text: string): string => text.replace(ENDS, "");

/** The text without control characters, each line ended by one `\n`. */
export const cleaned = (text: string): string => text.replace(/\r\n?/g, "\n").replace(CONTROLS, "");
