/**
 * What pages may do: run and load what this server sends, and ask it; nothing of what they show (names, logs, errors)
 * becomes a script, whatever it holds, and no page of another site can put them into a frame. Styles may be inline, as the
 * frontend's components set some. Source: Content Security Policy Level 3.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of everything under `/ui/`. */
export const pageHeaders = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  // for browsers that know no frame-ancestors
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** How long browsers may keep what they got; all is asked for again by its tag. */
export const caching = {
  /** A page of the frontend: its files are named after their content. */
  page: 'no-cache',
  /** The public status page: proxies may keep it, too. */
  publicPage: 'public, max-age=60',
  /** A file with a hash of its content in the name. */
  hashed: 'public, max-age=31536000, immutable',
  /** Any other file. */
  file: 'public, max-age=3600',
} as const;
