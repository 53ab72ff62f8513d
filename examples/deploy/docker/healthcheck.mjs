// Exits with 0 when the server at the URL answers HTTP, whatever its status, and with 1 without an answer within 4
// s. A server that demands a client certificate (client_ca) answers 403 and is healthy.
import http from 'node:http';
import https from 'node:https';
import process from 'node:process';

const url = new globalThis.URL(process.argv[2] ?? '');
// its certificate does not name the loopback interface, and no secret is sent to it
const options = { method: 'GET', timeout: 4000, rejectUnauthorized: false };
const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
  process.exit(response.statusCode < 500 ? 0 : 1);
});
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
request.end();
