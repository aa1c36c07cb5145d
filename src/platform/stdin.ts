import process from 'node:process';
import { addAbortSignal } from 'node:stream';
import type { Stdin } from '../context.ts';

export const stdin: Stdin = {
  read: async (maxBytes, signal) => {
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    if (signal !== undefined) addAbortSignal(signal, process.stdin);
    try {
      for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
        sizeBytes += part.length;
        if (sizeBytes > maxBytes) return null;
        parts.push(part);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
    return Buffer.concat(parts);
  },
};
