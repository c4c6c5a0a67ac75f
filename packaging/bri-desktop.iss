; Installer for Windows 10 and 11, made by Inno Setup 6 from the bundle of packaging/build:
;   iscc /DVersion=0.1.0 /DBundle=dist\bri-desktop packaging\bri-desktop.iss
; Installs for the user alone without an administrator, for all users with one.

#ifndef Version
  #error Version is needed: /DVersion=0.1.0
#endif
#ifndef Bundle
  #define Bundle "..\dist\bri-desktop"
#endif

[Setup]
AppId={{6C7E6B0B-6D2C-4C57-9C3E-0E6A2B1B7D41}
AppName=International City Cooperation Ledger
AppVersion={#Version}
AppPublisher=bri-desktop developers
DefaultDirName={autopf}\bri-desktop
DefaultGroupName=International City Cooperation Ledger
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputBaseFilename=bri-desktop-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
LicenseFile=..\LICENSE
SetupIconFile=..\build\packaging\bri-desktop.ico
UninstallDisplayIcon={app}\bri-desktop.exe
ChangesAssociations=yes
CloseApplications=yes
RestartApplications=no
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; An older version's libraries must not stay beside the newer ones; the ledger lies elsewhere.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\International City Cooperation Ledger"; Filename: "{app}\bri-desktop.exe"
Name: "{autodesktop}\International City Cooperation Ledger"; Filename: "{app}\bri-desktop.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.bribackup"; ValueType: string; ValueData: "bri-desktop.backup"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\bri-desktop.backup"; ValueType: string; ValueData: "Backup of a city cooperation ledger"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\bri-desktop.backup\DefaultIcon"; ValueType: string; ValueData: "{app}\bri-desktop.exe,0"
Root: HKA; Subkey: "Software\Classes\bri-desktop.backup\shell\open\command"; ValueType: string; ValueData: """{app}\bri-desktop.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.briledger"; ValueType: string; ValueData: "bri-desktop.ledger"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\bri-desktop.ledger"; ValueType: string; ValueData: "City cooperation ledger"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\bri-desktop.ledger\DefaultIcon"; ValueType: string; ValueData: "{app}\bri-desktop.exe,0"
Root: HKA; Subkey: "Software\Classes\bri-desktop.ledger\shell\open\command"; ValueType: string; ValueData: """{app}\bri-desktop.exe"" ""%1"""

[Run]
Filename: "{app}\bri-desktop.exe"; Description: "{cm:LaunchProgram,International City Cooperation Ledger}"; Flags: nowait postinstall skipifsilent
