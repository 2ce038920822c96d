"""Does the rendering for podman keep what matters, and refuse what podman would do wrong?"""
import unittest

from pods import beside, pods

TEMPLATE = {"metadata": {"labels": {"app": "w"}},
            "spec": {"containers": [{"name": "c", "image": "x", "ports": [{"containerPort": 1}], "args": ["a"]}],
                     "volumes": [{"name": "s", "secret": {"secretName": "tls"}}]}}
METADATA = {"name": "worker", "namespace": "n"}
SET = {"kind": "StatefulSet", "metadata": METADATA, "spec": {"replicas": 2, "serviceName": "workers", "template": TEMPLATE}}
JOB = {"kind": "Job", "metadata": {"name": "job", "namespace": "n"}, "spec": {"template": TEMPLATE}}
SERVICE = {"kind": "Service", "metadata": {"name": "all", "namespace": "n"}, "spec": {"selector": {"app": "w"}}}


class Pods(unittest.TestCase):
    def test_each_replica_has_its_cluster_names(self):
        made = pods([SET], "image", "p-")
        self.assertEqual(list(made), ["worker-0", "worker-1"])
        pod, aliases = made["worker-1"]
        self.assertEqual(pod["metadata"]["name"], "p-worker-1")
        self.assertEqual(aliases, ["worker-1.workers.n.svc.cluster.local"])
        self.assertEqual(pod["spec"]["dnsConfig"]["searches"][0], "n.svc.cluster.local")

    def test_services_name_the_pods_they_select(self):
        self.assertEqual(pods([JOB, SERVICE], "image", "p-")["job"][1], ["all.n.svc.cluster.local"])
        other = {**SERVICE, "spec": {"selector": {"app": "other"}}}
        self.assertEqual(pods([JOB, other], "image", "p-")["job"][1], [])

    def test_traps_of_podman_are_put_right(self):
        pod, _ = pods([SET], "image", "p-")["worker-0"]
        self.assertEqual(pod["spec"]["containers"], [{"name": "c", "image": "image", "args": ["a"]}])
        self.assertEqual(pod["spec"]["volumes"], [{"name": "s", "secret": {"secretName": "p-tls", "optional": False}}])
        # What was given is left as it was.
        self.assertIn("ports", TEMPLATE["spec"]["containers"][0])

    def test_pod_name_is_put_in_place(self):
        name = {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
        for variable, right in ((name, True), ({"name": "A", "value": "b"}, False)):
            container = {"name": "c", "args": ["--out=/r/$(POD_NAME)"], "env": [variable]}
            job = {**JOB, "spec": {"template": {"metadata": TEMPLATE["metadata"], "spec": {"containers": [container]}}}}
            if right:
                pod, _ = pods([job], "image", "p-")["job"]
                self.assertEqual(pod["spec"]["containers"][0]["args"], ["--out=/r/p-job"])
            else:
                with self.assertRaises(ValueError):
                    pods([job], "image", "p-")

    def test_what_podman_would_do_wrong_is_refused(self):
        shared = {"metadata": TEMPLATE["metadata"], "spec": {"containers": [], "volumes": [{"name": "e", "emptyDir": {}}]}}
        for kind, spec in (("Job", {"template": shared}), ("Deployment", {"replicas": 2, "template": TEMPLATE})):
            with self.assertRaises(ValueError):
                pods([{"kind": kind, "metadata": METADATA, "spec": spec}], "image", "p-")

    def test_config_maps_and_claims_come_along(self):
        claim = {"kind": "PersistentVolumeClaim", "metadata": {"name": "results", "namespace": "n"}}
        made = beside([claim, SERVICE], "p-")
        self.assertEqual([each["metadata"] for each in made], [{"name": "p-results"}])


if __name__ == "__main__":
    unittest.main()
