import * as other from './other';
export const url = other.url, { a, b } = other;
