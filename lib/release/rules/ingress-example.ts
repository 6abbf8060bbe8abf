/** The security group in the examples of the rules about ingress. */
import type { PlainObject } from "#release/document/template-document.ts";

export const groupWith = (GroupDescription: string, port: number, CidrIp: string): PlainObject => ({
  Group: {
    Type: "AWS::EC2::SecurityGroup",
    Properties: {
      GroupDescription,
      SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, CidrIp }],
    },
  },
});
