// SPDX-License-Identifier: Apache-2.0
// Which calls fail, and what was called: the rules that fault_proxy.mjs is given.

const KINDS = new Set(['answer', 'reset', 'reset_request', 'lose_response', 'reset_body', 'truncate',
  'wrong_length', 'stall', 'replace_body', 'change_headers', 'raw', 'delay']);
const MOST_LOGGED = 100_000;

export class Faults {
  #rules = [];

  /** {kind, method?, path?, after?, times?, ...}; throws what is wrong with it. */
  add(rule) {
    if (!KINDS.has(rule.kind)) throw new Error(`unknown kind '${rule.kind}'`);
    this.#rules.push({
      ...rule,
      pattern: rule.path === undefined ? null : new RegExp(rule.path),
      skip: rule.after ?? 0,
      left: rule.times ?? 1,  // 0: until cleared
      endless: rule.times === 0,
    });
  }

  clear() { this.#rules = []; }

  /** The fault of this call, if any. */
  take(method, target) {
    for (const rule of this.#rules) {
      if (rule.method && rule.method !== method) continue;
      if (rule.pattern && !rule.pattern.test(target)) continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      if (rule.endless) return rule;
      if (rule.left > 0) {
        rule.left -= 1;
        return rule;
      }
    }
    return null;
  }

  /** How many calls are still to fail, of the rules that end. */
  get left() {
    return this.#rules.reduce((sum, rule) => sum + (rule.endless ? 0 : rule.left), 0);
  }
}

export class Calls {
  constructor() { this.reset(); }

  reset() {
    this.total = 0;
    this.by_method = {};
    this.in_flight = 0;
    this.most_in_flight = 0;
    this.faults = 0;
    this.log = [];
  }

  begin(method, target, fault) {
    this.total += 1;
    this.by_method[method] = (this.by_method[method] ?? 0) + 1;
    this.in_flight += 1;
    this.most_in_flight = Math.max(this.most_in_flight, this.in_flight);
    if (fault) this.faults += 1;
    const call = { method, target, fault: fault?.kind ?? null, status: null };
    if (this.log.length < MOST_LOGGED) this.log.push(call);
    const generation = this.log;
    return {
      answered: (status) => { call.status = status; },
      end: () => { if (generation === this.log) this.in_flight -= 1; },
    };
  }
}
