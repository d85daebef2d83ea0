// Runs in the page: each unit of work, by us and by the npm package, in alternating rounds.
import { argon2id as peerArgon2id } from "hash-wasm";
import { combine as peerCombine, split as peerSplit } from "shamir-secret-sharing";
import { derive, openOverview } from "/js/format.mjs";
import init, { argon2id, Overviews, Sharing } from "/peers/crystallum_peers.js";

await init({ module_or_path: "/peers/crystallum_peers_bg.wasm" });

/** Returns the mean time of one call in ms. */
async function time(work, calls) {
  const begin = performance.now();
  for (let call = 0; call < calls; call += 1) await work();
  return (performance.now() - begin) / calls;
}

/**
 * Returns the time of each round in ms, ours and theirs, which start in turn. The first rounds warm
 * up.
 */
async function beside(ours, peer, { rounds, calls, warmUp }) {
  const samples = { ours: [], peer: [] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const order = [
      ["ours", ours],
      ["peer", peer],
    ];
    if (round % 2 !== 0) order.reverse();
    for (const [name, work] of order) {
      const took = await time(work, calls);
      if (round >= 0) samples[name].push(took);
    }
  }
  return samples;
}

function same(ours, peer) {
  if (ours.length !== peer.length || ours.some((byte, at) => byte !== peer[at])) throw new Error("results differ");
}

/** Argon2id: 64 MiB, three passes, one lane. */
async function argon(rounds) {
  const password = new TextEncoder().encode("correct horse battery staple");
  const salt = new Uint8Array(16).fill(7);
  const [memorySize, iterations] = [65_536, 3];
  const ours = () => argon2id(password, salt, memorySize, iterations);
  const options = { password, salt, memorySize, iterations, parallelism: 1, hashLength: 32, outputType: "binary" };
  const peer = () => peerArgon2id(options);
  same(ours(), await peer());
  return beside(ours, peer, { ...rounds, calls: 1 });
}

/** 32 bytes in five shares, of which three are enough. */
async function splitting(rounds) {
  const sharing = Sharing.deal();
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const peer = () => peerSplit(secret, 5, 3);
  if (sharing.split() !== 5 || (await peer()).length !== 5) throw new Error("not five shares");
  return beside(() => sharing.split(), peer, { ...rounds, calls: 300 });
}

async function combining(rounds) {
  const sharing = Sharing.deal();
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const three = (await peerSplit(secret, 5, 3)).slice(0, 3);
  const peer = () => peerCombine(three);
  same(secret, await peer());
  if (!sharing.combine()) throw new Error("not the key");
  return beside(() => sharing.combine(), peer, { ...rounds, calls: 300 });
}

/** Opens and parses many overviews in one call. */
async function overviews(count, rounds) {
  const vault = new Uint8Array(16).fill(0x11);
  const root = crypto.getRandomValues(new Uint8Array(32));
  const overviews = Overviews.seal(root, count);
  const [sealed, each] = [overviews.sealed(), overviews.each()];
  const key = derive(derive(root, "items", vault), "overview", vault);
  const open = () => {
    const opened = [];
    for (let number = 0; number < count; number += 1) {
      const record = new Uint8Array(16);
      new DataView(record.buffer).setUint32(0, number);
      const blob = sealed.subarray(number * each, (number + 1) * each);
      opened.push(openOverview(key, vault, record, blob));
    }
    return opened;
  };
  const opened = open();
  const last = opened[count - 1];
  if (last.label !== `Savings ${count - 1}, read only` || last.masked !== "abcd…wxyz") throw new Error("another record");
  const length = opened.reduce((sum, { label, note }) => sum + label.length + note.length, 0);
  if (overviews.open(sealed) !== length) throw new Error("results differ");
  return beside(() => overviews.open(sealed), open, { ...rounds, calls: 1 });
}

globalThis.bench = { argon, combining, overviews, splitting };
