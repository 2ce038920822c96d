"""Would a cluster take what deploy/kubernetes renders, and is it as closed as it says?"""
import unittest

import kubernetes

FOLDERS = ("base", "overlays/demo", "overlays/template")


@unittest.skipIf(kubernetes.MISSING, kubernetes.MISSING)
class Types(unittest.TestCase):
    def errors_after(self, kind, name, change):
        objects = kubernetes.render("base")
        change(kubernetes.find(objects, kind, name))
        return kubernetes.type_errors(objects)

    def test_unknown_field_is_found(self):
        def change(workers):
            workers["spec"]["template"]["spec"]["containers"][0]["privilegd"] = False
        errors = self.errors_after("StatefulSet", "worker", change)
        self.assertIn("StatefulSet-worker.ts", errors)
        self.assertRegex(errors, "privilegd.* does not exist in type 'Container'")

    def test_wrong_type_is_found(self):
        errors = self.errors_after("Job", "coordinator", lambda job: job["spec"].update(backoffLimit="0"))
        self.assertIn("Job-coordinator.ts", errors)
        self.assertIn("Type 'string' is not assignable to type 'number'", errors)

    def test_unknown_kind_is_found(self):
        errors = self.errors_after("Job", "coordinator", lambda job: job.update(kind="Jobb"))
        self.assertIn("no exported member", errors)

    def test_all_objects_are_what_the_api_knows(self):
        for folder in FOLDERS:
            with self.subTest(folder):
                self.assertEqual(kubernetes.type_errors(kubernetes.render(folder)), "")

    def test_results_reader(self):
        yaml = (kubernetes.ROOT / "deploy/kubernetes/results-reader.yaml").read_text()
        self.assertEqual(kubernetes.type_errors(kubernetes.parse(yaml)), "")


@unittest.skipIf(kubernetes.MISSING, kubernetes.MISSING)
class Closed(unittest.TestCase):
    """The pod security standard "restricted", and what this fleet wants beyond it."""

    def each_pod(self):
        reader = kubernetes.parse((kubernetes.ROOT / "deploy/kubernetes/results-reader.yaml").read_text())[0]
        yield reader["spec"]
        for folder in FOLDERS:
            for name, template in kubernetes.pod_templates(kubernetes.render(folder)).items():
                with self.subTest(folder=folder, pod=name):
                    yield template["spec"]

    def test_pods_are_restricted(self):
        pods = 0
        for pod in self.each_pod():
            pods += 1
            security = pod["securityContext"]
            self.assertTrue(security["runAsNonRoot"])
            self.assertGreater(security["runAsUser"], 0)
            self.assertEqual(security["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertIs(pod["automountServiceAccountToken"], False)
            for container in pod["containers"]:
                self.assertEqual(container["securityContext"], {
                    "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}})
        self.assertEqual(pods, 8)

    def test_requests_are_limits(self):
        for pod in self.each_pod():
            for container in pod["containers"]:
                resources = container["resources"]
                self.assertEqual(set(resources["limits"]), {"cpu", "memory"})
                self.assertEqual(resources["requests"], resources["limits"])

    def test_namespace_enforces_it(self):
        for folder in FOLDERS:
            labels = kubernetes.find(kubernetes.render(folder), "Namespace", "drumfire")["metadata"]["labels"]
            self.assertEqual(labels["pod-security.kubernetes.io/enforce"], "restricted")


@unittest.skipIf(kubernetes.MISSING, kubernetes.MISSING)
class Together(unittest.TestCase):
    """What stands in two places is the same in both."""

    def test_coordinator_names_every_worker(self):
        for folder in FOLDERS:
            objects = kubernetes.render(folder)
            replicas = kubernetes.find(objects, "StatefulSet", "worker")["spec"]["replicas"]
            arguments = kubernetes.pod_templates(objects)["coordinator"]["spec"]["containers"][0]["args"]
            self.assertIn(f"--workers=worker-[0-{replicas - 1}].workers:7070", arguments)

    def test_selectors_find_their_pods(self):
        objects = kubernetes.render("overlays/demo")
        labels = [template["metadata"]["labels"] for template in kubernetes.pod_templates(objects).values()]
        selectors = [each["spec"]["selector"] for each in objects if each["kind"] == "Service"]
        self.assertEqual(len(selectors), 2)
        for selector in selectors:
            self.assertEqual(sum(selector.items() <= each.items() for each in labels), 1, selector)

    def test_ports_that_are_let_through_are_those_listened_on(self):
        objects = kubernetes.render("base")
        worker = kubernetes.pod_templates(objects)["worker"]["spec"]["containers"][0]
        ports = {port["name"]: port["containerPort"] for port in worker["ports"]}
        self.assertIn(f"--listen=0.0.0.0:{ports['control']}", worker["args"])
        self.assertIn(f"--records=tcp://0.0.0.0:{ports['records']}", worker["args"])
        for name, rules in (("coordinator-to-workers", "ingress"), ("coordinator-egress", "egress")):
            policy = kubernetes.find(objects, "NetworkPolicy", name)
            self.assertEqual({port["port"] for port in policy["spec"][rules][0]["ports"]}, set(ports.values()), name)


if __name__ == "__main__":
    unittest.main()
