/// A self-signed certificate for the name localhost, made for these tests; it is trusted nowhere else.
enum TestCertificate {
  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBljCCATugAwIBAgIUH8nVqjA3rJegf4OQe0lNySYmn+UwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzMTMxOVoYDzIxMjYxMDI5
    MjMxMzE5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAATEowLJrtQRlXKc/FcmTPDaSz6soQ74ZocaA0gkXROZ4Zlqf4bjQZ9j
    SeblXjteO3LZKcoBkg6ruYwkfGBVGHVzo2kwZzAdBgNVHQ4EFgQUQERHSSxPrmbt
    EdNL72yJwNurO84wHwYDVR0jBBgwFoAUQERHSSxPrmbtEdNL72yJwNurO84wDwYD
    VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
    SQAwRgIhAMl+iQujAOBN6aiOaGCWVe0nVYQgc8GuFu+e9FfAU5q5AiEA7+xvRQX8
    NmW9stgyWG+Tu6enCTz4wH7fowSLppDgwZ0=
    -----END CERTIFICATE-----
    """

  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgke1YJoRON2UqY0KB
    18hSEoN22O/KzM3P3VW300mLm/ChRANCAATEowLJrtQRlXKc/FcmTPDaSz6soQ74
    ZocaA0gkXROZ4Zlqf4bjQZ9jSeblXjteO3LZKcoBkg6ruYwkfGBVGHVz
    -----END PRIVATE KEY-----
    """
}
