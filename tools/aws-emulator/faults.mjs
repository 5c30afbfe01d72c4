/**
 * Faults that a world of the emulator has. Each is `{service, action?, kind, …, times?}`: it meets requests of a service
 * (`token` is the CI's token endpoint), and of one action where that is named; after `times` it is over.
 */
export class Faults {
  constructor(faults = []) {
    this.faults = faults.map((fault) => ({ ...fault, left: fault.times ?? Infinity }));
  }

  /** The fault that a request meets, if any. */
  take(service, action) {
    const fault = this.faults.find(
      (candidate) =>
        candidate.left > 0 &&
        candidate.service === service &&
        (candidate.action === undefined || candidate.action === action),
    );
    if (fault !== undefined) fault.left -= 1;
    return fault;
  }
}

/** Answers a request with its fault. */
export function answerWithFault(fault, service, request, response) {
  switch (fault.kind) {
    case 'hang':
      return; // The client has to give up.
    case 'reset':
      request.socket.destroy();
      return;
    case 'truncate':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' });
      response.write('{"value": "eyJ', () => request.socket.destroy());
      return;
    case 'cut': {
      // A whole answer by its headers, and half of one by its content.
      const text = service === 'sts' ? '<AssumeRoleWithWebIdentityResponse><Assume' : '{"value": "eyJ';
      response.writeHead(200, { 'content-type': service === 'sts' ? 'text/xml' : 'application/x-amz-json-1.1' });
      response.end(text);
      return;
    }
    case 'body':
      response.writeHead(fault.status ?? 200, { 'content-type': 'application/json' });
      response.end(fault.body);
      return;
    default:
      sendError(response, service, fault);
  }
}

/** Sends an error in the protocol of the service: XML for STS, JSON for the others. */
export function sendError(response, service, { status = 400, code = 'InternalFailure', message = 'injected' }) {
  if (service === 'sts') {
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'emulator' });
    response.end(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>emulator</RequestId></ErrorResponse>`,
    );
    return;
  }
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'emulator' });
  response.end(JSON.stringify({ __type: code, message, Message: message }));
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
