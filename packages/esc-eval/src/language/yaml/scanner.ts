import { type Mark, Reader } from './reader';
import { scanAnchor, scanDirective, scanTag } from './scan-properties';
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalars';
import { SimpleKeys } from './simple-keys';
import { YamlSyntaxError } from './syntax-error';
import type { Indicator, Token } from './token';
import type { Unreadable } from './unreadable';

/** go-yaml looks so many tokens ahead, for the sake of comments: a fault there comes before one of the grammar. */
const LOOKAHEAD = 2;
/** Tokens that have been taken are let go from time to time. */
const TAKEN_LIMIT = 256;
const COMMENT = /#[^\n\r\x85\u2028\u2029]*/y;
const LINE_COMMENT = /[ \t]*#[^\n\r\x85\u2028\u2029]*/y;
const COMMENT_LINES = /(?:(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*)*(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*(?=#)/y;

/** Splits a text into the tokens of YAML 1.1, as libyaml and go-yaml do. */
export class Scanner {
  readonly reader: Reader;
  readonly #tokens: Token[] = [];
  #head = 0;
  /** How many tokens have been taken. */
  #taken = 0;
  #isAtEnd = false;
  #indent = -1;
  readonly #indents: number[] = [];
  readonly #keys: SimpleKeys;
  #allowsSimpleKey = true;

  constructor(text: string, unreadable?: Unreadable) {
    this.reader = new Reader(text, unreadable);
    this.#keys = new SimpleKeys(this.reader);
  }

  peek(): Token {
    this.#fetchTokens();
    return this.#tokens[this.#head] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.type === 'stream-end') return token;
    this.#head += 1;
    this.#taken += 1;
    if (this.#head >= TAKEN_LIMIT) {
      this.#tokens.splice(0, this.#head);
      this.#head = 0;
    }
    return token;
  }

  #fetchTokens(): void {
    while (this.#needsMore()) this.#fetchNext();
  }

  /** At the end of the text a key that had to come has not. */
  #needsMore(): boolean {
    if (!this.#isAtEnd && this.#tokens.length - this.#head <= LOOKAHEAD) return true;
    return this.#keys.mayBegin(this.#taken) && !this.#isAtEnd;
  }

  #fetchNext(): void {
    const { reader } = this;
    const { index, line, column } = reader;
    this.#skipToToken();
    if (this.#indent > reader.column) this.#unrollIndent(reader.column, { index, line, column });
    reader.lookAhead();
    if (reader.isEnd()) return this.#fetchEnd();
    const hasLineComment = this.#fetchToken();
    if (hasLineComment && this.#tokens.at(-1)?.type !== 'block-entry') reader.readMatch(LINE_COMMENT);
  }

  /** Fetches a token by its first character; tells whether a comment on its line may follow. */
  #fetchToken(): boolean {
    const { reader } = this;
    if (reader.column === 0 && reader.is('%')) return this.#fetchDirective();
    if (reader.isDocumentIndicator()) return this.#fetchDocumentIndicator();
    const character = reader.peek();
    switch (character) {
      case '[':
        return this.#fetchFlowStart('flow-sequence-start');
      case '{':
        return this.#fetchFlowStart('flow-mapping-start');
      case ']':
        return this.#fetchFlowEnd('flow-sequence-end');
      case '}':
        return this.#fetchFlowEnd('flow-mapping-end');
      case ',':
        return this.#fetchIndicator('flow-entry', true);
      case '-':
        if (reader.isBlankOrEnd(1)) return this.#fetchBlockEntry();
        break;
      case '?':
        if (this.#keys.isInFlow || reader.isBlankOrEnd(1)) return this.#fetchKey();
        break;
      case ':':
        if (this.#keys.isInFlow || reader.isBlankOrEnd(1)) return this.#fetchValue();
        break;
      case '*':
        return this.#fetchWord(() => scanAnchor(reader, 'alias'));
      case '&':
        return this.#fetchWord(() => scanAnchor(reader, 'anchor'));
      case '!':
        return this.#fetchWord(() => scanTag(reader));
      case "'":
      case '"':
        return this.#fetchWord(() => scanQuotedScalar(reader));
      case '|':
      case '>':
        if (!this.#keys.isInFlow) return this.#fetchBlockScalar();
    }
    if (this.#startsPlainScalar(character)) return this.#fetchPlainScalar();
    throw new YamlSyntaxError('scanner', 'found character that cannot start any token', reader.mark, reader.mark);
  }

  #startsPlainScalar(character: string): boolean {
    if (character === '-') return !this.reader.isBlank(1);
    if (character === '?' || character === ':') return !this.#keys.isInFlow && !this.reader.isBlankOrEnd(1);
    return !'\t,[]{}#&*!|>\'"%@`'.includes(character);
  }

  #skipToToken(): void {
    const { reader } = this;
    for (;;) {
      if (reader.column === 0 && reader.startsWithMark) reader.skip();
      while (reader.isSpace() || ((this.#keys.isInFlow || !this.#allowsSimpleKey) && reader.isTab())) reader.skip();
      this.#skipComments();
      if (!reader.isBreak()) return;
      reader.readLine();
      if (!this.#keys.isInFlow) this.#allowsSimpleKey = true;
    }
  }

  /** Of comments in lines that follow each other, only the first must not stand behind a tab. */
  #skipComments(): void {
    const { reader } = this;
    while (reader.readMatch(COMMENT) !== '' && reader.match(COMMENT_LINES) !== undefined) {
      while (!reader.is('#')) {
        if (reader.isBreak()) reader.readLine();
        else reader.skip();
      }
      if (!this.#keys.isInFlow) this.#allowsSimpleKey = true;
    }
  }

  #add(type: Indicator['type'], start: Mark, end: Mark, at = this.#tokens.length): void {
    this.#tokens.splice(at, 0, { type, start, end });
  }

  #fetchEnd(): void {
    this.reader.endLine();
    this.#unrollIndent(-1, this.reader.mark);
    this.#keys.drop();
    this.#allowsSimpleKey = false;
    this.#isAtEnd = true;
    this.#add('stream-end', this.reader.mark, this.reader.mark);
  }

  #fetchDirective(): boolean {
    this.#unrollIndent(-1, this.reader.mark);
    this.#keys.drop();
    this.#allowsSimpleKey = false;
    this.#tokens.push(scanDirective(this.reader));
    return true;
  }

  #fetchDocumentIndicator(): boolean {
    this.#unrollIndent(-1, this.reader.mark);
    this.#keys.drop();
    this.#allowsSimpleKey = false;
    const start = this.reader.mark;
    const type = this.reader.is('-') ? 'document-start' : 'document-end';
    this.reader.skip(3);
    this.#add(type, start, this.reader.mark);
    return true;
  }

  #fetchFlowStart(type: 'flow-sequence-start' | 'flow-mapping-start'): boolean {
    this.#saveSimpleKey();
    this.#keys.enterFlow(this.#nextTokenNumber);
    return this.#fetchCharacter(type, true);
  }

  #fetchFlowEnd(type: 'flow-sequence-end' | 'flow-mapping-end'): boolean {
    this.#keys.drop();
    this.#keys.leaveFlow();
    return this.#fetchCharacter(type, false);
  }

  #fetchIndicator(type: 'flow-entry' | 'block-entry' | 'key', allowsSimpleKey: boolean): boolean {
    this.#keys.drop();
    return this.#fetchCharacter(type, allowsSimpleKey);
  }

  #fetchCharacter(type: Indicator['type'], allowsSimpleKey: boolean): boolean {
    this.#allowsSimpleKey = allowsSimpleKey;
    const start = this.reader.mark;
    this.reader.skip();
    this.#add(type, start, this.reader.mark);
    return true;
  }

  #fetchBlockEntry(): boolean {
    if (!this.#keys.isInFlow) {
      this.#requireSimpleKey('block sequence entries are not allowed in this context');
      this.#rollIndent('block-sequence-start', this.reader.mark);
    }
    return this.#fetchIndicator('block-entry', true);
  }

  #fetchKey(): boolean {
    if (!this.#keys.isInFlow) {
      this.#requireSimpleKey('mapping keys are not allowed in this context');
      this.#rollIndent('block-mapping-start', this.reader.mark);
    }
    return this.#fetchIndicator('key', !this.#keys.isInFlow);
  }

  #fetchValue(): boolean {
    const key = this.#keys.current();
    if (key !== undefined) {
      const at = this.#head + key.tokenNumber - this.#taken;
      this.#add('key', key.mark, key.mark, at);
      this.#rollIndent('block-mapping-start', key.mark, at);
      this.#keys.forget();
      return this.#fetchCharacter('value', false);
    }
    if (!this.#keys.isInFlow) {
      this.#requireSimpleKey('mapping values are not allowed in this context');
      this.#rollIndent('block-mapping-start', this.reader.mark);
    }
    return this.#fetchCharacter('value', !this.#keys.isInFlow);
  }

  #requireSimpleKey(problem: string): void {
    if (!this.#allowsSimpleKey) throw new YamlSyntaxError('scanner', problem, this.reader.mark, this.reader.mark);
  }

  #fetchWord(scan: () => Token): boolean {
    this.#saveSimpleKey();
    this.#allowsSimpleKey = false;
    this.#tokens.push(scan());
    return true;
  }

  #fetchBlockScalar(): boolean {
    this.#keys.drop();
    this.#allowsSimpleKey = true;
    this.#tokens.push(scanBlockScalar(this.reader, this.#indent));
    return false;
  }

  #fetchPlainScalar(): boolean {
    this.#saveSimpleKey();
    this.#allowsSimpleKey = false;
    const { token, endsLine } = scanPlainScalar(this.reader, this.#indent + 1, this.#keys.isInFlow);
    if (endsLine) this.#allowsSimpleKey = true;
    this.#tokens.push(token);
    return !endsLine;
  }

  #rollIndent(type: 'block-sequence-start' | 'block-mapping-start', mark: Mark, at?: number): void {
    if (this.#keys.isInFlow || this.#indent >= mark.column) return;
    this.#indents.push(this.#indent);
    this.#indent = mark.column;
    this.#add(type, mark, mark, at);
  }

  /** Ends the blocks that are indented more than a column. */
  #unrollIndent(column: number, mark: Mark): void {
    if (this.#keys.isInFlow) return;
    while (this.#indent > column) {
      this.#add('block-end', mark, mark);
      this.#indent = this.#indents.pop() as number;
    }
  }

  get #nextTokenNumber(): number {
    return this.#taken + this.#tokens.length - this.#head;
  }

  #saveSimpleKey(): void {
    if (!this.#allowsSimpleKey) return;
    const tokenNumber = this.#nextTokenNumber;
    const isRequired = !this.#keys.isInFlow && this.#indent === this.reader.column;
    this.#keys.save({ isRequired, tokenNumber, mark: this.reader.mark });
  }
}
