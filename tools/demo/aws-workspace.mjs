import { ACCOUNT } from '../aws-emulator/emulator.mjs';

export const SUBJECT = 'repo:acme/shop:environment:staging';
export const READER = 'api-esc-reader';
export const DEPLOYER = 'api-deploy';

const nxJson = {
  analytics: false,
  plugins: [
    {
      plugin: 'nx-esc/plugin',
      options: {
        environments: {
          staging: {
            account: ACCOUNT,
            region: 'eu-west-1',
            deployRole: `arn:aws:iam::${ACCOUNT}:role/${DEPLOYER}`,
            readerRole: `arn:aws:iam::${ACCOUNT}:role/${READER}`,
          },
        },
      },
    },
  ],
};

const base = `values:
  domain: example.com
  port: 8080
  aws:
    region: eu-west-1
    login:
      fn::open::aws-login:
        oidc:
          roleArn: arn:aws:iam::123456789012:role/api-esc-reader
          sessionName: api-esc
`;

const staging = `imports:
  - api/base            # users also write \`- base\`
values:
  infra:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/staging }      # users also write myorg/infra/staging
        api: { stack: api/staging }          # the app's own stack: unknown until first deployed
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
        database: { secretId: myapp/staging/database }
        jwt: { secretId: myapp/staging/jwt }
  database: { fn::fromJSON: "\${secrets.database}" }   # a secret of Secrets Manager is a string; \`\${secrets.database.url}\` is an error
  jwt: { fn::fromJSON: "\${secrets.jwt}" }
  urls:
    api: https://api-staging.\${domain}
    ecr: \${infra.infra.ecr_repository_url}
  environmentVariables:
    ECS_CLUSTER: \${infra.infra.ecs_cluster_name}
    ECS_SERVICE: \${infra.api.service_name}
    ECR_REPOSITORY_URL: \${infra.infra.ecr_repository_url}
    DATABASE_URL: \${database.url}
    JWT_SECRET: \${jwt.secret}
    API_URL: \${urls.api}
`;

const infraProgram = `
exports.ecs_cluster_name = 'staging-cluster';
exports.ecr_repository_url = '${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/api';
`;

const apiProgram = `
if (process.env.ECS_CLUSTER !== 'staging-cluster') throw new Error('the environment is not there');
if (process.env.AWS_ACCESS_KEY_ID !== undefined) throw new Error('the credentials of the program are not renewed ones');
exports.service_name = 'api';
`;

/** What an app does after its stack: here it asks AWS who it is. */
const appCommand = `
const { GetCallerIdentityCommand, STSClient } = require('@aws-sdk/client-sts');
const { AWS_REGION, ECS_CLUSTER, ECS_SERVICE, API_URL, DATABASE_URL } = process.env;
new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Arn }) => {
  console.log('update', ECS_SERVICE, 'in', ECS_CLUSTER, AWS_REGION, 'at', API_URL, 'with the database', DATABASE_URL);
  console.log('as', Arn);
});
`;

/** A workspace whose staging environment is written as the hybrid OIDC pattern has it. */
export const FILES = {
  'nx.json': JSON.stringify(nxJson),
  'package.json': '{"name":"shop","private":true}',
  '.gitignore': 'node_modules\n.cache\n',
  'apps/infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\nmain: index.js\n',
  'apps/infra/Pulumi.staging.yaml': 'config: {}\n',
  'apps/infra/package.json': '{"name":"infra"}',
  'apps/infra/index.js': infraProgram,
  'apps/api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
  'apps/api/Pulumi.staging.yaml': 'environment:\n  - api/staging\n',
  'apps/api/project.json': JSON.stringify({
    name: 'api',
    targets: { deploy: { options: { commands: ['node update-service.js'] } } },
  }),
  'apps/api/index.js': apiProgram,
  'apps/api/update-service.js': appCommand,
  'apps/api/esc/base.yaml': base,
  'apps/api/esc/staging.yaml': staging,
};

export const SECRETS = {
  'myapp/staging/database': '{"url":"postgres://app:correct-horse@db.example.com/app"}',
  'myapp/staging/jwt': '{"secret":"battery-staple"}',
};
