from django.urls import path

from rubrics import views

app_name = "rubrics"

urlpatterns = [
    path("rubrics/", views.list_rubrics, name="list"),
    path("rubrics/<int:pk>/", views.detail, name="detail"),
]
