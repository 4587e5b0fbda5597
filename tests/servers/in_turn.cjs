// SPDX-License-Identifier: Apache-2.0
'use strict';

const last = new Map();

/** Runs a task when those before it with the same name have ended. */
async function inTurn(name, task) {
  const before = last.get(name) ?? Promise.resolve();
  const mine = before.then(task);
  const ended = mine.catch(() => {});
  last.set(name, ended);
  try {
    return await mine;
  } finally {
    if (last.get(name) === ended) last.delete(name);
  }
}

module.exports = { inTurn };
