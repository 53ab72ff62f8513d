/**
 * An upstream as everybody may see it: without the password in its URL, and for `http` and `https` without the user,
 * which is a token there as often as not. Anything else stays as it is written.
 */
export function publicUpstream(upstream: string): string {
  return upstream.replace(/^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i, (_, scheme: string, userInfo: string) => {
    const user = /^https?$/i.test(scheme) ? '' : (userInfo.split(':')[0] ?? '');
    return user === '' ? `${scheme}://` : `${scheme}://${user}@`;
  });
}
