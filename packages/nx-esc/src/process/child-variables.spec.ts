import { childVariables, WITHHELD_VARIABLES } from './child-variables';

const env = {
  PATH: '/bin',
  NX_ESC_AGE_KEY: 'AGE-SECRET-KEY-1',
  NX_ESC_AGE_KEY_FILE: '/home/anna/age.key',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example.com',
};

test.each(WITHHELD_VARIABLES)('%s is withheld, unless it is passed by its name', (name) => {
  expect(childVariables({ [name]: 'x', HOME: '/' }, [])).toEqual({ HOME: '/' });
  expect(childVariables({ [name]: 'x', HOME: '/' }, [name])).toEqual({ [name]: 'x', HOME: '/' });
});

test('everything else is inherited', () => {
  const { NX_ESC_AGE_KEY: _key, ACTIONS_ID_TOKEN_REQUEST_TOKEN: _token, ...others } = env;
  expect(childVariables(env, [])).toEqual(others);
});
