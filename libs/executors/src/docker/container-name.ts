/** Prefix of the names of all containers; the mirror's name follows. Source: the dockerHook of tunasync. */
const prefix = 'tunasync-job-';

/**
 * The name of a mirror's container: `tunasync-job-<mirror>`, with `_.HH` for each byte that Docker refuses.
 *
 * Docker takes `[a-zA-Z0-9][a-zA-Z0-9_.-]+`. An underscore before a dot is written `_.5f`, so that no two mirrors share a name.
 */
export function containerName(mirror: string): string {
  return (
    prefix +
    mirror.replace(/_(?=\.)|[^A-Za-z0-9_.-]/gu, (character) =>
      Array.from(Buffer.from(character), (byte) => `_.${byte.toString(16).padStart(2, '0')}`).join(''),
    )
  );
}
