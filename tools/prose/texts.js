// @ts-check
import ts from 'typescript';

/**
 * A text that people read, with its place.
 *
 * @typedef {object} Text
 * @property {string} file - relative to the workspace's root
 * @property {number} line - of its first character, from 1
 * @property {'comment' | 'title' | 'message' | 'page'} kind
 * @property {string} text - words of one paragraph, line breaks replaced by spaces
 * @property {boolean} [heading] - a heading of a page
 */

/** A line with this mark, and the line after it, may use any words. */
const escape = /prose-ok/;

/**
 * @param {string} file
 * @param {string} source
 * @returns {Text[]}
 */
export function textsOf(file, source) {
  const texts = file.endsWith('.md') ? pageTexts(file, source) : codeTexts(file, source);
  const lines = source.split('\n');
  const escaped = (/** @type {number} */ line) =>
    escape.test(lines[line - 1] ?? '') || escape.test(lines[line - 2] ?? '');
  return texts.filter(({ line }) => !escaped(line));
}

/**
 * Paragraphs of a Markdown page without code.
 *
 * @param {string} file
 * @param {string} source
 * @returns {Text[]}
 */
function pageTexts(file, source) {
  const hidden = source
    .replace(/^(```|~~~).*?^\1/gms, blank)
    .replace(/<!--.*?-->/gs, (comment) => (escape.test(comment) ? comment : blank(comment)))
    .replace(/<!-- begin \S+ -->.*?<!-- end \S+ -->/gs, blank);
  /** @type {Text[]} */
  const texts = [];
  let line = 1;
  /** @type {Text | undefined} */
  let open;
  for (const content of hidden.split('\n')) {
    const text = content.replace(/^\s*(>|[-*]|\d+\.)\s+/, '').replace(/^#+\s+/, '');
    const starts = /^\s*(#|[-*]\s|\d+\.\s|>|\|)/.test(content);
    if (text.trim() === '') open = undefined;
    else if (open === undefined || starts) {
      open = { file, line, kind: 'page', text, heading: /^#/.test(content) };
      texts.push(open);
      if (/^(#|\|)/.test(content)) open = undefined;
    } else open.text += ` ${text.trim()}`;
    line += 1;
  }
  return texts.flatMap((text) =>
    text.text.startsWith('|')
      ? text.text.split(/(?<!\\)\|/).map((cell) => ({ ...text, text: cell.trim() }))
      : [text],
  );
}

/** @param {string} text - replaced by line breaks, so that line numbers stay */
const blank = (text) => text.replace(/[^\n]/g, '');

/**
 * Comments, test titles and messages of a program.
 *
 * @param {string} file
 * @param {string} source
 * @returns {Text[]}
 */
function codeTexts(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, scriptKind(file));
  const test = file.includes('/test/');
  /** @type {Text[]} */
  const texts = [];
  const add = (
    /** @type {number} */ position,
    /** @type {Text['kind']} */ kind,
    /** @type {string} */ text,
  ) => texts.push({ file, line: tree.getLineAndCharacterOfPosition(position).line + 1, kind, text });
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (isText(node)) {
      if (isTitle(node)) add(node.getStart(tree), 'title', node.text);
      else if (!test && isMessage(node)) add(node.getStart(tree), 'message', node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  for (const { position, text } of comments(tree, source)) add(position, 'comment', text);
  return texts;
}

/** @param {string} file */
const scriptKind = (file) => (file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);

/**
 * @param {ts.Node} node
 * @returns {node is ts.StringLiteral | ts.TemplateHead | ts.JsxText}
 */
const isText = (node) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node) ||
  ts.isJsxText(node);

/** @param {ts.Node} node */
function isTitle(node) {
  const call = ts.isTemplateHead(node) ? node.parent.parent : node.parent;
  return (
    ts.isCallExpression(call) &&
    /^(test|it|describe)\b/.test(call.expression.getText()) &&
    (call.arguments[0] === node || call.arguments[0] === node.parent)
  );
}

/** A literal with at least three words that is neither an import nor a command. @param {ts.StringLiteral | ts.TemplateHead | ts.JsxText} node */
const isMessage = (node) => (node.text.match(/[a-z']{2,}[ ,.:;]/gi) ?? []).length >= 2;

/**
 * Comments, those on consecutive lines as one, a paragraph or a tag of a doc comment each.
 *
 * @param {ts.SourceFile} tree
 * @param {string} source
 */
function comments(tree, source) {
  /** @type {Map<number, ts.CommentRange>} */
  const ranges = new Map();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (node.kind !== ts.SyntaxKind.JsxText && node.getChildCount(tree) === 0) {
      for (const range of ts.getLeadingCommentRanges(source, node.pos) ?? []) ranges.set(range.pos, range);
      for (const range of ts.getTrailingCommentRanges(source, node.end) ?? []) ranges.set(range.pos, range);
    }
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  /** @type {{ position: number, end: number, text: string, line: boolean }[]} */
  const found = [];
  for (const range of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const raw = source.slice(range.pos, range.end);
    const last = found.at(-1);
    if (raw.startsWith('//')) {
      const text = raw.slice(2).trim();
      if (
        last?.line &&
        /^\s*$/.test(source.slice(last.end, range.pos)) &&
        !/\n.*\n/.test(source.slice(last.end, range.pos))
      ) {
        last.text += ` ${text}`;
        last.end = range.end;
      } else found.push({ position: range.pos, end: range.end, text, line: true });
      continue;
    }
    let position = range.pos;
    for (const paragraph of raw.split(/\n\s*\*?\s*\n|\n(?=\s*\*\s+(?:@|- ))/)) {
      const text = paragraph
        .replace(/^\/\*+|\*\/$/g, '')
        .split('\n')
        .map((line) => line.replace(/^\s*\*\s?/, '').trim())
        .join(' ')
        .trim();
      if (text !== '')
        found.push({ position: source.indexOf(paragraph, position), end: range.end, text, line: false });
      position += paragraph.length;
    }
  }
  return found.filter(({ text }) => !/^(@ts-|eslint-|prettier-|#|\/ <reference)/.test(text));
}
