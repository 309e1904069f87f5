/** Keeps a value under a key that is not there yet, and forgets the oldest where there are `most` already: for what can be found out again. */
export function keepNewest<Key, Value>(map: Map<Key, Value>, most: number, key: Key, value: Value): void {
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size >= most) {
    map.delete(oldest);
  }
  map.set(key, value);
}
