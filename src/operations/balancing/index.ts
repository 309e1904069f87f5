export { type Balancer, type BalancerName, startBalancer } from './balancer.ts';
export { nginxSite } from './nginx-site.ts';
