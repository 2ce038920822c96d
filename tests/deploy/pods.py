"""Rendered Kubernetes objects as podman's `play kube` takes them: the same pods, without a cluster.

podman 4.3 knows pods, config maps and volume claims. A StatefulSet becomes pods NAME-0, NAME-1, ... that are found under their
cluster names, a Job and a Deployment become one pod, a Service lends its pods its name. Everything gets a prefix of the run's
own, so that it disturbs nothing else on the host. What podman does wrong or not at all is put right here, and said.
"""
import copy
import json


def _dns(namespace):
    """As the kubelet sets it: pods write short names, and their resolver completes them."""
    searches = [f"{namespace}.svc.cluster.local", "svc.cluster.local", "cluster.local"]
    return {"searches": searches, "options": [{"name": "ndots", "value": "5"}]}


def _aliases(each, pod, objects):
    """The pod's names in the cluster's DNS: its own behind a headless Service, and those of the Services that select it."""
    domain = f"{each['metadata']['namespace']}.svc.cluster.local"
    aliases = []
    if each["kind"] == "StatefulSet":
        aliases.append(f"{pod}.{each['spec']['serviceName']}.{domain}")
    labels = each["spec"]["template"]["metadata"]["labels"].items()
    for service in objects:
        if service["kind"] == "Service" and service["spec"]["selector"].items() <= labels:
            aliases.append(f"{service['metadata']['name']}.{domain}")
    return aliases


def _volume(volume, prefix):
    volume = copy.deepcopy(volume)
    if "configMap" in volume:
        volume["configMap"]["name"] = prefix + volume["configMap"]["name"]
    if "secret" in volume:
        volume["secret"]["secretName"] = prefix + volume["secret"]["secretName"]
        # podman 4.3 panics when it is not said, and leaves out an optional one even when it is there.
        volume["secret"]["optional"] = False
    if "persistentVolumeClaim" in volume:
        volume["persistentVolumeClaim"]["claimName"] = prefix + volume["persistentVolumeClaim"]["claimName"]
    if "emptyDir" in volume:
        raise ValueError("emptyDir: podman 4.3 shares one between all pods that name it alike")
    return volume


def _container(container, image, pod_name):
    container = copy.deepcopy(container)
    container.pop("ports", None)  # podman would publish each on the host
    container["image"] = image
    # podman 4.3 puts no variables in place. Ours take the pod's name only.
    for variable in container.get("env", []):
        if variable.get("valueFrom") != {"fieldRef": {"fieldPath": "metadata.name"}}:
            raise ValueError(f"variable {variable['name']}: only the pod's name is understood")
        container["args"] = [each.replace(f"$({variable['name']})", pod_name) for each in container["args"]]
    return container


def _pod(name, each, image, prefix):
    template = each["spec"]["template"]
    spec = {**template["spec"], "dnsConfig": _dns(each["metadata"]["namespace"])}
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": prefix + name, "labels": template["metadata"]["labels"]},
        "spec": {**spec, "containers": [_container(each, image, prefix + name) for each in spec["containers"]],
                 "volumes": [_volume(each, prefix) for each in spec.get("volumes", [])]}}


def _pods_of(each):
    """Names of the pods that a controller would make."""
    name = each["metadata"]["name"]
    if each["kind"] == "StatefulSet":
        return [f"{name}-{index}" for index in range(each["spec"]["replicas"])]
    if each["kind"] == "Deployment" and each["spec"]["replicas"] != 1:
        raise ValueError(f"{name}: several pods would share the Service's name")
    return [name]


def pods(objects, image, prefix):
    """Pod name (without prefix) -> (Pod, names it is found under)."""
    found = {}
    for each in objects:
        if each["kind"] in ("StatefulSet", "Deployment", "Job"):
            for name in _pods_of(each):
                pod = _pod(name, each, image, prefix)
                found[name] = (pod, _aliases(each, name, objects))
    return found


def beside(objects, prefix):
    """The config maps and volume claims, which pods refer to by name."""
    renamed = copy.deepcopy([each for each in objects if each["kind"] in ("ConfigMap", "PersistentVolumeClaim")])
    for each in renamed:
        each["metadata"] = {"name": prefix + each["metadata"]["name"]}
    return renamed


def documents(objects):
    """JSON is YAML."""
    return "\n---\n".join(json.dumps(each, indent=1) for each in objects) + "\n"
