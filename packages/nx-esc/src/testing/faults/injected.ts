import type { EmulatedFault } from '../aws-emulator';

export const token = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'token', ...fault }];
export const sts = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'sts', ...fault }];
export const secret = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [
  { service: 'secretsmanager', ...fault },
];
export const parameter = (fault: Omit<EmulatedFault, 'service'>): EmulatedFault[] => [{ service: 'ssm', ...fault }];
export const error = (code: string, message = 'injected', status = 400): Omit<EmulatedFault, 'service'> => ({
  kind: 'error',
  code,
  message,
  status,
});
export const TEMPORARY = { ...error('ServiceUnavailable', 'later', 503), times: 2 };
export const THROTTLED = error('ThrottlingException', 'Rate exceeded');
