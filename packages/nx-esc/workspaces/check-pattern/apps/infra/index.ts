export const ecs_cluster_name='x', ecr_repository_url='y';
