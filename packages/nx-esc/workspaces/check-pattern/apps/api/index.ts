export const service_name = 'x';
