import type { OpenApiDocument, OpenApiOperation } from '@tunasync/protocol';
import { apiTags } from '../routes/openapi-document.js';
import { apiPageStyle } from './api-page-style.js';
import { exampleCall } from './example-call.js';
import { html, type Html } from './html.js';
import { fieldList, takenField, typeText, type Schema } from './schema-list.js';

/** A route as the page shows it. */
interface Operation extends OpenApiOperation {
  method: string;
  path: string;
}

/**
 * The page at `/ui/api`: an OpenAPI document for people. It is whole without scripts; the one that it names filters what is
 * shown, and puts the address at which the browser found the page into the examples.
 *
 * @param base - URL of the manager in the examples, without a slash at the end
 */
export function apiPage({ paths, info }: OpenApiDocument, base: string): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => ({ ...operation, method, path })),
  );
  const groups = Object.entries(apiTags).map(([tag, described]) => ({
    tag,
    ...described,
    operations: operations.filter(({ tags }) => tags.includes(tag)),
  }));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>API · ${info.title}</title>
        <link rel="icon" type="image/svg+xml" href="./icon.svg" />
        <style>
          ${{ html: apiPageStyle }}
        </style>
        <script type="module" src="./api-page.js"></script>
      </head>
      <body>
        <nav aria-label="Routes">
          <a class="back" href="./">← tunasync</a>
          <label class="search" hidden>
            <span>Filter routes</span>
            <input type="search" id="filter" autocomplete="off" spellcheck="false" />
          </label>
          <p class="found" role="status" hidden></p>
          ${groups.map((group) => navGroup(group.tag, group.title, group.operations))}
        </nav>
        <main>
          <header>
            <h1>API of the manager</h1>
            <p>
              Base URL <code class="base">${base}</code> ·
              <a href="../api/openapi.json">OpenAPI document</a>
            </p>
            <p>
              Bodies are JSON, whatever <code>Content-Type</code> says. Errors are
              <code>{"error": "…"}</code> with a status of 400 or more. Times are RFC 3339, and “never” is
              <code>0001-01-01T00:00:00Z</code>. Readers ignore fields that they do not know.
            </p>
          </header>
          ${groups.map(
            ({ tag, title, description, operations: shown }) =>
              html`<section id="${tag}">
                <h2>${title}</h2>
                <p>${description}</p>
                ${shown.map((operation) => article(operation, base))}
              </section>`,
          )}
        </main>
      </body>
    </html>`.html;
}

function navGroup(tag: string, title: string, operations: readonly Operation[]): Html {
  return html`<div class="group">
    <a class="tag" href="#${tag}">${title}</a>
    <ul>
      ${operations.map(
        ({ operationId, method, path }) =>
          html`<li data-for="${operationId}">
            <a href="#${operationId}">${methodMark(method)} <span>${path}</span></a>
          </li>`,
      )}
    </ul>
  </div>`;
}

function methodMark(method: string): Html {
  return html`<span class="method ${method}">${method.toUpperCase()}</span>`;
}

function article(operation: Operation, base: string): Html {
  const { operationId, method, path, summary, parameters, requestBody, responses } = operation;
  const body = requestBody?.content['application/json']?.schema;
  const [replyType = '', reply] = Object.entries(responses['200']?.content ?? {})[0] ?? [];
  return html`<article id="${operationId}">
    <h3>${methodMark(method)} <a href="#${operationId}">${path}</a></h3>
    <p>${summary}</p>
    ${
      parameters.length === 0
        ? undefined
        : html`<h4>Parameters</h4>
            <ul class="fields">
              ${parameters.map(
                ({ name, schema, required, in: place }) =>
                  html`<li>${takenField(name, schema, required)} <span class="place">in ${place}</span></li>`,
              )}
            </ul>`
    }
    ${body === undefined ? undefined : contentDetails('Body', 'application/json', body, true)}
    ${contentDetails('Reply', replyType, reply?.schema ?? {}, false)}
    <pre tabindex="0" aria-label="Example"><code>${withBase(
      exampleCall(basePlace, method, path, operation),
      base,
    )}</code></pre>
  </article>`;
}

/** Stands for the base URL while an example is made, so that the page's script finds it. */
const basePlace = '\u0000';

function withBase(text: string, base: string): Html {
  const [before = '', after = ''] = text.split(basePlace);
  return html`${before}<span class="base">${base}</span>${after}`;
}

function contentDetails(title: string, mediaType: string, schema: Schema, incoming: boolean): Html {
  const what = html`<b>${title}</b> <span class="type">${mediaType}, ${typeText(schema)}</span>`;
  const fields = fieldList(schema, incoming);
  if (fields === undefined) return html`<p class="content">${what}</p>`;
  return html`<details>
    <summary>${what}</summary>
    ${fields}
  </details>`;
}
