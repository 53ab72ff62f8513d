/**
 * The host that a mirror syncs from, in lower case; empty when there is none (a local path, say). Understood are
 * URLs (`rsync://user@host:873/module/`, `https://…`), rsync's `user@host::module` and ssh's `user@host:path`.
 */
export function upstreamHost(upstream: string): string {
  const text = upstream.trim();
  // rsync(1): a colon before any slash makes it a remote one
  const found =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]/]*\]|[^:/?#]*)/i.exec(text) ??
    /^(?:[^/:]*@)?(\[[^\]/]*\]|[^/:@]+):/.exec(text);
  return (found?.[1] ?? '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}
