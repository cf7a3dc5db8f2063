"""Addresses of the consumer pages; the short ones are printed on letters."""

from django.urls import path

from holdfast.doors.portal import facts, personal, proving, public

urlpatterns = [
    path("recall", public.index, name="portal_any_index"),
    path("recall/", public.index, name="portal_index_slash"),
    path("recall/hurt", public.any_hurt, name="portal_any_hurt"),
    path("recall/problem", public.any_problem, name="portal_any_problem"),
    path("recall/write", public.any_write, name="portal_any_write"),
    path("recall/real", public.any_real, name="portal_any_real"),
    path("recall/photo/<str:sha256>.webp", public.photo, name="portal_photo"),
    path("check", public.any_check, name="portal_any_check"),
    path("check/", public.any_check, name="portal_check_slash"),
    path("recall/<str:ref>", public.notice, name="portal_notice"),
    path("n/<str:ref>", public.notice, name="portal_notice_short"),
    path("recall/<str:ref>/facts/<int:number>", facts.fact, name="portal_fact"),
    path("recall/<str:ref>/check", public.check, name="portal_check"),
    path("check/<str:ref>", public.check, name="portal_check_short"),
    path("recall/<str:ref>/gone", public.gone, name="portal_gone"),
    path("recall/<str:ref>/remedy", public.remedy, name="portal_remedy"),
    path("recall/<str:ref>/hurt", public.hurt, name="portal_hurt"),
    path("recall/<str:ref>/write", public.write, name="portal_write"),
    path("recall/<str:ref>/real", public.real, name="portal_real"),
    path("r/<str:token>", personal.front, name="portal_personal_front"),
    path("r/<str:token>/check", personal.check, name="portal_personal_check"),
    path("r/<str:token>/gone", personal.gone, name="portal_personal_gone"),
    path("r/<str:token>/remedy", personal.remedy, name="portal_personal_remedy"),
    path("r/<str:token>/some", personal.some, name="portal_personal_some"),
    path("r/<str:token>/photo", proving.photo, name="portal_personal_photo"),
    path("r/<str:token>/done", personal.done, name="portal_personal_done"),
    path("r/<str:token>/save", personal.save, name="portal_personal_save"),
    path("r/<str:token>/hurt", personal.hurt, name="portal_personal_hurt"),
    path("r/<str:token>/write", personal.write, name="portal_personal_write"),
    path("r/<str:token>/real", personal.real, name="portal_personal_real"),
]
