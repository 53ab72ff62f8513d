/** A file and the key of the configuration that names it, such as `server.ssl_cert`, for messages. */
export interface NamedFile {
  key: string;
  file: string;
}

/** A certificate, with the chain behind it if there is one, and its private key. */
export interface PairFiles {
  cert: NamedFile;
  key: NamedFile;
}

/** The files that one party of a TLS connection uses; what is absent is not used. */
export interface TlsFiles {
  /** What the own server shows. */
  server?: PairFiles | undefined;
  /** The authorities that must have signed what clients show to the own server. */
  clientCa?: NamedFile | undefined;
  /** What is shown to the servers of others. */
  client?: PairFiles | undefined;
  /** The authorities that alone are trusted there. */
  ca?: NamedFile | undefined;
}

/** A certificate with its chain, and its key, as PEM texts. */
export interface PemPair {
  cert: string;
  key: string;
}

/** What is in {@link TlsFiles}, as PEM texts. */
export interface TlsTexts {
  server: PemPair | undefined;
  clientCa: string | undefined;
  client: PemPair | undefined;
  ca: string | undefined;
}

/**
 * Names a pair of files with keys of one table of a configuration.
 *
 * @param table - such as `server`
 * @param kind - `ssl` for `ssl_cert` and `ssl_key`, `client` for `client_cert` and `client_key`
 */
export function pairFiles(
  table: string,
  kind: 'ssl' | 'client',
  pair: { certFile: string; keyFile: string } | undefined,
): PairFiles | undefined {
  return (
    pair && {
      cert: { key: `${table}.${kind}_cert`, file: pair.certFile },
      key: { key: `${table}.${kind}_key`, file: pair.keyFile },
    }
  );
}

/** Names a file with its key; undefined for an empty path. */
export function namedFile(key: string, file: string): NamedFile | undefined {
  return file === '' ? undefined : { key, file };
}
