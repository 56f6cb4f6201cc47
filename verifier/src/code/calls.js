// Runs a solution and sends what its function returns to the judge: see calls.py.
//
// A number is sent as a number, for JavaScript has one type of it; a BigInt as an integer. What has
// no place in JSON, undefined included, is sent by the name of its type and equals nothing.
"use strict";

const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { createRequire } = require("module");
const { pathToFileURL } = require("url");

const DEPTH = 40;
const NODES = 200000;
const DIGITS = 1 << 15;
const { parse, stringify } = JSON;
const { exit } = process;
const { getPrototypeOf, entries, prototype: ordinary } = Object;
const { isArray } = Array;
const { writeSync } = fs;

class TooLarge extends Error {}

function encode(value, depth, room) {
  room.left -= 1;
  if (depth > DEPTH) throw new TooLarge("it nests too deep");
  if (room.left < 0) throw new TooLarge("it has too many parts");
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") {
    room.left -= value.length >> 4;
    return /[\ud800-\udfff]/.test(value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""))
      ? { other: "string that is not Unicode" }
      : value;
  }
  if (typeof value === "number") return { number: String(value) };
  if (typeof value === "bigint") {
    const hex = value.toString(16);
    if (hex.length > DIGITS) throw new TooLarge("it is a BigInt of " + hex.length + " digits");
    return { int: hex };
  }
  if (isArray(value)) {
    const items = [];
    for (let at = 0; at < value.length; at++) items.push(encode(value[at], depth + 1, room));
    return { list: items };
  }
  if (typeof value === "object") {
    const kind = getPrototypeOf(value);
    if (kind === null || kind === ordinary) {
      return { dict: entries(value).map(([key, v]) => [key, encode(v, depth + 1, room)]) };
    }
    return { other: String((kind.constructor && kind.constructor.name) || "object").slice(0, 80) };
  }
  return { other: typeof value };
}

function describe(error) {
  try {
    const text = error instanceof Error ? error.name + ": " + error.message : "thrown: " + error;
    return String(text).slice(0, 400).replace(/\s+/g, " ");
  } catch {
    return "thrown: (its text cannot be made)";
  }
}

async function main(here) {
  const calls = parse(fs.readFileSync(path.join(here, "calls.json"), "utf8"));
  const { nonce } = calls;
  const send = (message) => {
    let line = Buffer.from(nonce + " " + stringify(message) + "\n");
    while (line.length) line = line.subarray(writeSync(3, line));
  };
  let called;
  try {
    called = await load(here, calls.function);
  } catch (error) {
    send({ load: describe(error), syntax: error instanceof SyntaxError });
    return;
  }
  if (typeof called !== "function") {
    send({ missing: true });
    return;
  }
  for (let at = 0; at < calls.arguments.length; at++) {
    let message;
    try {
      // Parsed for this call alone: no call sees what another did to its arguments.
      const value = await called(...parse(calls.arguments[at]));
      message = { case: at, value: encode(value, 0, { left: NODES }) };
    } catch (error) {
      message =
        error instanceof TooLarge
          ? { case: at, too_large: error.message }
          : { case: at, error: describe(error) };
    }
    send(message);
  }
}

// The function of this name: exported by a module, or declared at the top of a script.
async function load(here, name) {
  const script = path.join(here, "solution.js");
  if (!fs.existsSync(script)) {
    const module = await import(pathToFileURL(path.join(here, "solution.mjs")));
    return module[name] || (module.default && (module.default[name] || module.default));
  }
  const module = { exports: {} };
  Object.assign(globalThis, { require: createRequire(script), module, exports: module.exports });
  vm.runInThisContext(fs.readFileSync(script, "utf8"), { filename: "solution.js" });
  const declared = vm.runInThisContext(`typeof ${name} === "undefined" ? undefined : ${name}`);
  return declared || module.exports[name] || module.exports;
}

main(__dirname).then(() => exit(0));
