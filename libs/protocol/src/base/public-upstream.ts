/**
 * The public form of an upstream: without the password in its URL, and for `http` and `https` also without the
 * user, which is often a token. Other text is unchanged.
 */
export function publicUpstream(upstream: string): string {
  return upstream.replace(/^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i, (_, scheme: string, userInfo: string) => {
    const user = /^https?$/i.test(scheme) ? '' : (userInfo.split(':')[0] ?? '');
    return user === '' ? `${scheme}://` : `${scheme}://${user}@`;
  });
}
