from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "linli.cases.workflow"
    label = "workflow"
