from django.urls import path

from rubrics.views import reading

app_name = "rubrics"

urlpatterns = [
    path("rubrics/", reading.list_rubrics, name="list"),
    path("rubrics/<int:pk>/", reading.detail, name="detail"),
]
