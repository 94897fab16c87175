/** All that the dashboard says stands in this folder: a reader can go through it, and nothing is said twice in two ways. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const files = (readdirSync(SOURCES, { recursive: true }) as string[]).filter((name) => /\.tsx$/.test(name));

/** What people see or hear of an element. */
const SPOKEN = new Set(["label", "title", "lead", "hint", "placeholder", "alt", "action", "aria-label", "aria-description", "data-label", "pill"]);
/** Examples, and what is typed as it stands. */
const AS_IT_IS = new Set(["+14155550123", "make run"]);

const COMPARED = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken]);

/** Addresses and intents are the same in every language. */
const isWords = (text: string): boolean => /\p{L}{2,}/u.test(text) && !/^(https?:|\/)/.test(text) && !AS_IT_IS.has(text.trim());

function found(name: string): string[] {
  const tree = ts.createSourceFile(name, readFileSync(SOURCES + name, "utf-8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const said: string[] = [];
  const literals = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isArrowFunction(node) || ts.isElementAccessExpression(node)) return;
    if (ts.isBinaryExpression(node) && COMPARED.has(node.operatorToken.kind)) return;
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) && isWords(node.text)) said.push(node.text);
    ts.forEachChild(node, literals);
  };
  const walk = (node: ts.Node): void => {
    if (ts.isJsxText(node) && isWords(node.text)) said.push(node.text.trim());
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer) literals(node.initializer);
    if (ts.isJsxExpression(node) && ts.isJsxElement(node.parent) && node.expression) literals(node.expression);
    if (ts.isCallExpression(node) && node.expression.getText() === "toast") node.arguments.forEach(literals);
    ts.forEachChild(node, walk);
  };
  walk(tree);
  return said;
}

it.each(files)("%s says nothing of its own", (name) => {
  expect(found(name)).toEqual([]);
});
