from django.urls import include, path

from tests.bench import bare

urlpatterns = [
    path("bare/page/<int:pk>/", bare.page),
    path("bare/save/<int:pk>/", bare.save),
    path("bare/card/<int:pk>/", bare.card),
    path("bare/list/<int:cycle>/", bare.listing),
    path("bare/ranking/<int:cycle>/", bare.ranking),
    path("", include("config.urls")),
]
