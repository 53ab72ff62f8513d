import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { acceptsCoding, type Coding } from './accepts-coding.js';

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/** Quality 9 takes a tenth of the time of 11, for files that are a few percent larger. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Bodies below this many bytes are not worth compressing: they fit into one packet. */
const smallestToCompress = 1024;

/** The bytes of a body as one client takes them. */
export interface Representation {
  bytes: Buffer;
  /** None: the bytes as they are. */
  coding?: Coding;
}

/** A body that is answered many times: encoded once, compressed at most once a coding, with its entity tag. */
export class EncodedBody {
  readonly bytes: Buffer;
  /** Weak, as it stands for the compressed forms too. */
  readonly etag: string;
  readonly #codings: readonly Coding[];
  readonly #compressed = new Map<Coding, Promise<Buffer>>();

  /**
   * @param tag - differs whenever the body does
   * @param codings - what it may be compressed with, best first
   */
  constructor(content: string | Buffer, tag = contentTag(content), codings: readonly Coding[] = ['gzip']) {
    this.bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.etag = `W/"${tag}"`;
    this.#codings = this.bytes.length < smallestToCompress ? [] : codings;
  }

  /** The best form for a client. @param accepted - its `Accept-Encoding` */
  async representation(accepted: string | undefined): Promise<Representation> {
    const coding = this.#codings.find((offered) => acceptsCoding(accepted, offered));
    if (coding === undefined) return { bytes: this.bytes };
    let compressed = this.#compressed.get(coding);
    if (compressed === undefined) {
      compressed = coding === 'br' ? brotlied(this.bytes, brotliOptions) : gzipped(this.bytes);
      this.#compressed.set(coding, compressed);
    }
    return { bytes: await compressed, coding };
  }
}

/** A tag that depends on nothing but the content. */
function contentTag(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}
