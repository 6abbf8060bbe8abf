/** Adds to Node 20 the one function that the command line uses and only Node 21 and newer have. */
if (Map.groupBy === undefined) {
  Map.groupBy = <Key, Item>(
    items: Iterable<Item>,
    keyOf: (item: Item, at: number) => Key,
  ): Map<Key, Item[]> => {
    const groups = new Map<Key, Item[]>();
    let at = 0;
    for (const item of items) {
      const key = keyOf(item, at++);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    return groups;
  };
}
