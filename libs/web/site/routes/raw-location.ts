import type { BaseLocationHook, BaseSearchHook } from 'wouter';
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location';
import { keepEscapes } from './escapes.js';

/** Below which path the pages are. */
export const base = new URL(document.baseURI).pathname.replace(/\/$/, '');

/**
 * Where one is, with its escapes. The router would take them away by `decodeURI`, which is half of the way: of a mirror
 * called `50%25` it would make `50%`, and `a#b` would stay `a%23b`.
 */
export const useRawLocation: BaseLocationHook = () => [keepEscapes(usePathname(), base), navigate];

/** What stands behind the `?`, with its escapes. */
export const useRawSearch: BaseSearchHook = () => keepEscapes(useSearch());
