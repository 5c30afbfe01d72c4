export default async () => ({ whatever: 1 });
