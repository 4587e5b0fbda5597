# SPDX-License-Identifier: Apache-2.0
"""Files of charts that look like those of the old stable repository: commented values in nested mappings,
lists, flow collections and block scalars; templates; a README. All out of a seeded generator."""

import random

WORDS = """access account address admin agent alert annotation api application archive backend backup balancer batch
bind bucket buffer cache capacity certificate channel claim class client cluster collector command config connection
console consumer container controller cookie cron custom daemon dashboard data database default deployment directory
discovery disk domain driver election endpoint engine environment event exporter external extra failover feature field
filter fluent forward gateway group handler hash health heap host hook image import index ingress init instance interval
issuer job journal key label latency leader level limit link listener load lock log manager master memory message metrics
migration mirror mode module monitor mount name namespace network node object operator option origin output override owner
parameter partition password path peer persistence pipeline plugin policy pool port primary probe process producer profile
prometheus protocol provider proxy queue quota range rate reader record redis region registry relay release reload replica
request resource restart retention role rolling root route rule runner scheduler schema scope script search secret security
selector sender sentinel server service session shard sidecar signal slave snapshot socket source stack standby state
storage stream strategy subnet sync system tag target task template tenant thread throttle timeout token topic tracing
transport trigger upgrade upstream user validation value variable version volume watch web window worker writer zone""".split()

VALUES_SECTIONS = (
    """## {C} image version
## ref: https://hub.docker.com/r/{n}/{w}/tags/
##
{k}Image:
  registry: docker.io
  repository: {n}/{w}
  tag: @TAG@
  ## Specify a imagePullPolicy
  ## Defaults to 'Always' if image tag is 'latest', else set to 'IfNotPresent'
  ##
  pullPolicy: IfNotPresent
  # pullSecrets:
  #   - myRegistryKeySecretName

""",
    """{k}Resources:
  # We usually recommend not to specify default {w} resources and to leave this as a conscious
  # choice for the user. This also increases chances charts run on environments with little
  # resources, such as Minikube. If you do want to specify resources, uncomment the following
  # lines, adjust them as necessary, and remove the curly braces after 'resources:'.
  limits:
    cpu: {i}m
    memory: {j}Mi
  requests:
    cpu: {j}m
    memory: {i}Mi

""",
    """## Persist {w} data to a persistent volume
##
{k}Persistence:
  enabled: {b}
  ## {k} {w} Persistent Volume Storage Class
  ## If defined, storageClassName: <storageClass>
  ## If set to "-", storageClassName: "", which disables dynamic provisioning
  ##
  # storageClass: "-"
  accessMode: ReadWriteOnce
  size: {j}Gi
  annotations: {{}}
  mountPath: /var/lib/{n}/{w}
  subPath: ""

""",
    """{k}Service:
  type: ClusterIP
  port: {i}
  # {s}
  nodePort: {j}
  annotations: {{}}
    # service.beta.kubernetes.io/aws-load-balancer-internal: 0.0.0.0/0
  loadBalancerIP: ""
  externalIPs: []
  loadBalancerSourceRanges: []

""",
    """{k}Ingress:
  ## If true, {w} Ingress will be created
  ##
  enabled: {b}
  annotations: {{}}
  #   kubernetes.io/ingress.class: nginx
  #   kubernetes.io/tls-acme: 'true'
  path: /
  hosts:
    - {w}.{n}.example.com
  ## {w} Ingress TLS configuration
  ## Secrets must be manually created in the namespace
  ##
  tls: []
  #   - secretName: {w}-tls

""",
    """{k}LivenessProbe:
  enabled: {b}
  initialDelaySeconds: {j}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
  successThreshold: 1
{k}ReadinessProbe:
  httpGet: {{path: /{w}, port: {i}}}
  initialDelaySeconds: {j}
  periodSeconds: 10

""",
    """# {s}
# {s}
{k}Config:
  {w}.properties: |
    # {s}
    {n}.{w}.interval={i}
    {n}.{w}.address=0.0.0.0:{j}
    {n}.{w}.enabled={b}
  log-level: "info"
  {w}: '{s}'

""",
    """{k}Env:
  - name: {u}_ADDRESS
    value: "{w}.{n}.svc.cluster.local:{i}"
  - name: {u}_TIMEOUT
    value: "{j}s"
  - name: {u}_SECRET
    valueFrom:
      secretKeyRef:
        name: {n}-{w}
        key: {w}-password

""",
    """## Node labels, tolerations and affinity for {w} pod assignment
## Ref: https://kubernetes.io/docs/user-guide/node-selection/
##
{k}NodeSelector: {{}}
{k}Tolerations: []
{k}Affinity: {{}}
{k}PodAnnotations:
  prometheus.io/scrape: "{b}"
  prometheus.io/port: "{i}"
{k}UpdateStrategy: {{type: RollingUpdate, rollingUpdate: {{maxUnavailable: 1}}}}

""",
    """{k}:
  ## {s}
  ##
  enabled: {b}
  {w}:
    name: {w}
    replicas: {j}
    # {s}
    threshold: {i}.5
    schedule: "*/{j} * * * *"
    args: ["--{w}={i}", "--verbose"]
  rbac: {{create: {b}}}
  serviceAccount:
    create: true
    # The name of the service account to use.
    # If not set and create is true, a name is generated using the fullname template
    name:

""",
)

TEMPLATE_PARTS = (
    """{{{{- if .Values.{k}.enabled }}}}
apiVersion: {a}
kind: {K}
metadata:
  name: {{{{ template "{n}.fullname" . }}}}-{w}
  labels:
    app: {{{{ template "{n}.name" . }}}}
    chart: {{{{ template "{n}.chart" . }}}}
    release: {{{{ .Release.Name | quote }}}}
    heritage: {{{{ .Release.Service | quote }}}}
spec:
""",
    """          env:
            - name: {u}_HOST
              value: {{{{ .Values.{k}.{w}.host | default "localhost" | quote }}}}
            - name: {u}_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{{{ template "{n}.fullname" . }}}}
                  key: {w}-password
""",
    """          ports:
            - name: {w}
              containerPort: {i}
          livenessProbe:
            httpGet:
              path: /{w}
              port: {w}
            initialDelaySeconds: {{{{ .Values.{k}.initialDelaySeconds }}}}
          resources:
{{{{ toYaml .Values.{k}Resources | indent 12 }}}}
""",
    """        {{{{- if .Values.{k}.{w} }}}}
        - name: {w}
          image: "{{{{ .Values.{k}Image.repository }}}}:{{{{ .Values.{k}Image.tag }}}}"
          imagePullPolicy: {{{{ .Values.{k}Image.pullPolicy | quote }}}}
          volumeMounts:
            - name: {w}-data
              mountPath: /{w}/{j}
        {{{{- end }}}}
""",
)

README_PART = """| `{k}.{w}.{v}` | {s} | `{i}` |
"""
KINDS = ("Deployment", "Service", "ConfigMap", "StatefulSet", "Ingress", "Secret", "PersistentVolumeClaim", "Role")


class Writer:
    """Writes the files of one chart."""

    def __init__(self, name: str, generator: random.Random) -> None:
        self.name = name
        self.random = generator

    def fill(self, part: str) -> str:
        choose = self.random.choice
        word, other = choose(WORDS), choose(WORDS)
        kind = choose(KINDS)
        return part.format(
            n=self.name, w=word, v=other, k=f"{choose(WORDS)}{other.capitalize()}{self.random.randrange(100)}",
            u=f"{word}_{other}".upper(), C=word.capitalize(), K=kind, i=self.random.randrange(1, 50000),
            j=self.random.randrange(1, 256), b=choose(("true", "false")), a=choose(("v1", "apps/v1", "extensions/v1beta1")),
            s=" ".join(self.random.choices(WORDS, k=self.random.randrange(5, 14))))

    def text(self, parts: tuple[str, ...], size: int) -> str:
        """Whole parts until `size` is reached; its average is half a part more, so less is asked for."""
        written, length = [], 0
        while True:
            part = self.fill(self.random.choice(parts))
            if written and length + len(part) // 2 > size:
                return "".join(written)
            written.append(part)
            length += len(part)

    def values(self, size: int) -> str:
        return f"# Default values for {self.name}.\n# This is a YAML-formatted file.\n" + self.text(VALUES_SECTIONS, size)

    def template(self, size: int) -> str:
        return self.fill(TEMPLATE_PARTS[0]) + self.text(TEMPLATE_PARTS[1:], size) + "{{- end }}\n"

    def readme(self, size: int) -> str:
        return (f"# {self.name}\n\nThe following table lists the configurable parameters.\n\n"
                "| Parameter | Description | Default |\n| --- | --- | --- |\n" + self.text((README_PART,), size))

    def metadata(self) -> str:
        """A Chart.yaml without its version."""
        words = self.random.choices(WORDS, k=12)
        people = "".join(f"- name: {first}{last}\n  email: {first}.{last}@example.com\n"
                         for first, last in zip(words[0:3], words[3:6]))
        return (f"apiVersion: v1\nname: {self.name}\nappVersion: @TAG@\n"
                f"description: A {words[6]} {words[7]} and {words[8]} for Kubernetes that needs no {words[9]}\n"
                f"home: https://{self.name}.example.com\nicon: https://cdn.example.com/logos/{self.name}/{words[10]}.png\n"
                f"keywords:\n- {words[6]}\n- {words[7]}\n- {words[11]}\nmaintainers:\n{people}"
                f"sources:\n- https://github.com/example/{self.name}\n- https://github.com/example/docker-{self.name}\n")
