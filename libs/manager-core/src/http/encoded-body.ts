import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Bodies below this many bytes are not worth compressing: they fit into one packet. */
const smallestToCompress = 1024;

/** A JSON body that is answered many times: encoded once, compressed at most once, with its entity tag. */
export class EncodedBody {
  readonly bytes: Buffer;
  /** Weak, as it stands for the compressed form too. */
  readonly etag: string;
  #gzipped: Promise<Buffer> | undefined;

  /** @param tag - differs whenever the body does */
  constructor(json: string, tag: string) {
    this.bytes = Buffer.from(json);
    this.etag = `W/"${tag}"`;
  }

  /** The compressed body, or undefined when it is too small for that to pay. */
  gzip(): Promise<Buffer> | undefined {
    if (this.bytes.length < smallestToCompress) return undefined;
    return (this.#gzipped ??= compress(this.bytes));
  }
}
