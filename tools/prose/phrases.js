// @ts-check

/** @typedef {{ pattern: RegExp, instead: string }} Phrase */

/**
 * Words that make readers stumble, and plain ones to use instead. To keep one of them on purpose, write `prose-ok` in
 * a comment on the same line or on the line before.
 *
 * @type {Phrase[]}
 */
export const phrases = [
  { pattern: /\b(tells?|told|telling|tellings)\b/i, instead: 'report, show, return, say' },
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\bunder ?way\b/i, instead: 'in progress, running' },
  { pattern: /\b(in|into) force\b/i, instead: 'active, in effect, take effect' },
  { pattern: /\b(gone|went|goes|going|go) on with\b/i, instead: 'resume, continue' },
  { pattern: /\b(goes|went|gone) on\b/i, instead: 'continue' },
  { pattern: /\bso (many|long)\b(?! as\b)(?! that\b)/i, instead: 'N, that long' },
  { pattern: /\bin vain\b/i, instead: 'without success' },
  { pattern: /\b(nobody|somebody|anybody|everybody)\b/i, instead: 'the name of the actor' },
  { pattern: /\b(a|one) \w+ a (mirror|worker|host|package|job|file|run|sync)\b/i, instead: 'one … per …' },
  { pattern: /\b(makes?|making|made) no sense\b/i, instead: 'is invalid, is corrupt' },
  { pattern: /\bgo together only\b/i, instead: 'must be given together' },
  { pattern: /\bthe way of (a|an|one|the)\b/i, instead: 'life of' },
  { pattern: /\bexchanged\b/i, instead: 'replaced, reloaded' },
  { pattern: /\b(is|was|are|were|been|being|be|never|not|ever) heard\b/i, instead: 'has reported' },
  { pattern: /\bfor good\b/i, instead: 'permanently' },
  { pattern: /\bby (itself|themselves)\b/i, instead: 'automatically, on its own' },
  { pattern: /\b(has|have|had) it that\b/i, instead: 'says that' },
  { pattern: /\bof which\b/i, instead: 'whose, of these' },
  { pattern: /\b(right|comes?|came|stands?|stood|long|shortly) behind\b/i, instead: 'after' },
  { pattern: /\bbesides\b/i, instead: 'also, apart from' },
  { pattern: /\b(stands?|stood|standing) in\b/i, instead: 'is in' },
  { pattern: /\bshut\b(?! ?down\b)/i, instead: 'closed' },
  { pattern: /\bbegun\b/i, instead: 'started' },
  { pattern: /\b(whoever|whomever|whosoever)\b/i, instead: 'the name of the actor' },
  { pattern: /\b(that|those|they) (which|who)\b/i, instead: 'the name of the thing' },
  { pattern: /\b(ask|asks|asked|asking) (\w+ )?no more\b/i, instead: 'stop asking' },
  {
    pattern: /\ba(n)? hundred and\b|\bthere be\b|\bbe it\b|\blest\b|\bthereof\b|\bwherein\b|\bhereof\b/i,
    instead: 'a plain word',
  },
];

/** A sentence that begins with a free relative: "What is missing is added." */
const freeRelative =
  /(?:^|[.!?:;]\s+)(what|who|whatever|whichever|that which)\s(?!about\b|if\b)[^.!?]*(?:[.!?]|$)/gi;

/**
 * @param {import('./texts.js').Text} text
 * @returns {string[]} one description for each phrase that it should not have
 */
export function bannedPhrases({ text, kind, heading }) {
  const words = withoutCode(text);
  const found = phrases.flatMap(({ pattern, instead }) => {
    const match = pattern.exec(words);
    return match === null ? [] : [`“${match[0]}”: ${instead}`];
  });
  // headings and short labels are no sentences; what a parameter holds is a noun phrase
  if (heading || kind === 'message') return found;
  const sentences = words.replace(/^@\w+(\s+\S+\s+-)?\s.*?(?=\.\s|$)/, '');
  for (const [sentence, start] of sentences.matchAll(freeRelative)) {
    if (!sentence.trimEnd().endsWith('?')) found.push(`a sentence begins with “${start}”: name the thing`);
  }
  return found;
}

/** @param {string} text */
const withoutCode = (text) =>
  text
    .replace(/`[^`]*`/g, '`code`')
    .replace(/\{@link [^}]*\}/g, 'link')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/["“][^"”]*["”]/g, '"quoted"');
