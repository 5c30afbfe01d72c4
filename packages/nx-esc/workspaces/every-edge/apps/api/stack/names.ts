export const ORGANIZATION = 'acme';
export const names = { database: 'database' };
