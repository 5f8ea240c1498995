/** Items that one answer may hold at most; also how many it holds when nobody asks for fewer. */
export const MAX_PAGE = 10_000;

/** Jobs that one request may create at most. */
export const MAX_BULK = 10_000;
