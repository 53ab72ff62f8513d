export function upstreamHost(upstream: string): string {
  return upstream;
}
