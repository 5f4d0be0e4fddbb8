"use strict";
// Unpacks what the page holds deflated (RFC 1950, 1951): by the browser's own means, or by these where it has none.
{
  const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
  const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const AWAY = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
  const AWAY_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  // A canonical Huffman code: how many codes there are of each length, and the symbols in their order.
  const code = (lengths) => {
    const count = new Uint16Array(16);
    for (const length of lengths) count[length]++;
    count[0] = 0;
    const start = new Uint16Array(17);
    for (let length = 1; length < 16; length++) start[length + 1] = start[length] + count[length];
    const symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => length && (symbols[start[length]++] = symbol));
    return { count, symbols };
  };
  const fixed = () => [
    code(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    code(new Array(30).fill(5)),
  ];

  const inflate = (bytes) => {
    let at = 2; // after the two bytes of RFC 1950
    let held = 0;
    let bits = 0;
    let out = new Uint8Array(Math.max(1024, bytes.length * 6));
    let size = 0;
    const take = (count) => {
      while (bits < count) {
        held |= bytes[at++] << bits;
        bits += 8;
      }
      const value = held & ((1 << count) - 1);
      held >>>= count;
      bits -= count;
      return value;
    };
    const symbol = ({ count, symbols }) => {
      let found = 0;
      let first = 0;
      let index = 0;
      for (let length = 1; length < 16; length++) {
        found |= take(1);
        if (found - count[length] < first) return symbols[index + found - first];
        index += count[length];
        first = (first + count[length]) << 1;
        found <<= 1;
      }
      throw new Error("the packed data are damaged");
    };
    const room = (more) => {
      if (size + more <= out.length) return;
      const larger = new Uint8Array(Math.max(out.length * 2, size + more));
      larger.set(out);
      out = larger;
    };
    const described = () => {
      const [literals, distances, codes] = [take(5) + 257, take(5) + 1, take(4) + 4];
      const first = new Array(19).fill(0);
      for (let i = 0; i < codes; i++) first[ORDER[i]] = take(3);
      const byLength = code(first);
      const lengths = [];
      while (lengths.length < literals + distances) {
        const found = symbol(byLength);
        if (found < 16) lengths.push(found);
        else {
          const again = found === 16 ? lengths[lengths.length - 1] : 0;
          const times = found === 16 ? 3 + take(2) : found === 17 ? 3 + take(3) : 11 + take(7);
          for (let i = 0; i < times; i++) lengths.push(again);
        }
      }
      return [code(lengths.slice(0, literals)), code(lengths.slice(literals))];
    };
    for (let isLast = 0; !isLast; ) {
      isLast = take(1);
      const kind = take(2);
      if (kind === 0) {
        held = bits = 0;
        const length = bytes[at] | (bytes[at + 1] << 8);
        room(length);
        out.set(bytes.subarray(at + 4, at + 4 + length), size);
        at += 4 + length;
        size += length;
        continue;
      }
      const [literals, distances] = kind === 1 ? fixed() : described();
      for (let found = symbol(literals); found !== 256; found = symbol(literals)) {
        room(258);
        if (found < 256) {
          out[size++] = found;
          continue;
        }
        const length = LENGTHS[found - 257] + take(LENGTH_BITS[found - 257]);
        const distance = symbol(distances);
        const back = AWAY[distance] + take(AWAY_BITS[distance]);
        for (let i = 0; i < length; i++, size++) out[size] = out[size - back];
      }
    }
    return out.subarray(0, size);
  };

  const unpack = async (text) => {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    if (typeof DecompressionStream !== "function") return JSON.parse(new TextDecoder().decode(inflate(bytes)));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  };
  Object.assign(finnet, { inflate, unpack });
}
