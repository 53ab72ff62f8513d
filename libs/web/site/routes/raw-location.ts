import type { BaseLocationHook, BaseSearchHook } from 'wouter';
import { navigate, usePathname, useSearch } from 'wouter/use-browser-location';
import { keepEscapes } from './escapes.js';

/** Path of the pages. */
export const base = new URL(document.baseURI).pathname.replace(/\/$/, '');

/**
 * The path with its escapes. The router would apply `decodeURI`, which decodes only some of them: a mirror called
 * `50%25` would become `50%`, and `a#b` would stay `a%23b`.
 */
export const useRawLocation: BaseLocationHook = () => [keepEscapes(usePathname(), base), navigate];

/** The part after the `?`, with its escapes. */
export const useRawSearch: BaseSearchHook = () => keepEscapes(useSearch());
