export const url = 'x';
