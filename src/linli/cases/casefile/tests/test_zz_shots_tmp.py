import threading, json, subprocess, sys
from datetime import timedelta
from wsgiref.simple_server import make_server, WSGIRequestHandler, WSGIServer
from socketserver import ThreadingMixIn
import pytest
from django.test import Client
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from linli.cases.casefile import actions
from linli.cases.casefile.tests.factories import small_city, resident, _staff
from linli.cases.casefile.tests.desk import handed_in, grant, open_task, client_of
from linli.foundation.access.models import Role
from linli.registry.sources.models import Source
from linli.cases.supervision.actions import sweep

class Quiet(WSGIRequestHandler):
    def log_message(self, *a): pass
class Srv(ThreadingMixIn, WSGIServer):
    daemon_threads=True

def test_shots(fresh_database, settings):
    settings.ALLOWED_HOSTS=["*"]
    city = small_city()
    for rank, code in enumerate(("licence", "shared", "approval", "collected", "stated"), start=1):
        Source.objects.get_or_create(code=code, defaults={"name": code, "rank": rank})
    grant(city,"clerk","people.view","people.reveal","people.edit","supervision.card","supervision.appeal","files.upload")
    grant(city,"supervisor","people.view")
    from linli.foundation.access import queries as access
    for code, p in {"system_admin": ["admin.accounts", "admin.units", "admin.calendar", "admin.packs"], "security_admin": ["admin.roles"], "audit_admin": ["audit.view"]}.items():
        Role(code=code, name=code, permissions=p, level=1, business=False).save()
        city.users[code] = _staff(code, city.units["city"], code)
    access._ROLES=(0.0,{})
    names=["王秀兰","李建国","张桂英","刘德华","陈淑珍","杨志强","黄丽华","赵玉梅"]
    cases=[]
    for n,name in enumerate(names):
        p=resident(city,name=name,id_number="360599194503070027" if n==0 else f"3605991950010100{n:02d}",phone=f"1380000{n:04d}")
        _,c=handed_in(city,person=p, code="MZ06" if n%3 else "MZ13"); cases.append(c)
    for c in cases[1:4]:
        actions.accept_case(city.actor("clerk"),case_id=c.pk) if c.matter_code=="MZ06" else None
    actions.complete_task(city.actor("reviewer"),task_id=open_task(cases[1]).pk,outcome="agree",opinion="入户核实，老人健在。")
    sweep(now=timezone.now()+timedelta(days=30))
    for n in range(3):
        p=resident(city,name=["孙丽","周勇","吴敏"][n],id_number=f"3605991950010101{n:02d}",phone=f"1390000{n:04d}")
        _,c=handed_in(city,person=p,code=["GA01","MZ06","MZ13"][n]); cases[5+n]=c
    srv=make_server("127.0.0.1",0,get_wsgi_application(),server_class=Srv,handler_class=Quiet)
    threading.Thread(target=srv.serve_forever,daemon=True).start()
    cookies={n: client_of(city,n).cookies["sessionid"].value for n in ("clerk","reviewer","decider","supervisor","system_admin","security_admin","audit_admin")}
    json.dump({"base":f"http://127.0.0.1:{srv.server_port}","cookies":cookies,"cases":[str(c.pk) for c in cases],"party":str(cases[0].party_id)},open("/tmp/deskshots/in.json","w"))
    r=subprocess.run([sys.executable,"/tmp/shots.py"],capture_output=True,text=True,timeout=220)
    print(r.stdout[-6000:], r.stderr[-3000:])
    srv.shutdown()
    assert r.returncode==0
