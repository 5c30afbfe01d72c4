export const url = 'x', a = 1, b = 2;
