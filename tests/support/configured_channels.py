"""The channels that ship with Loket, as `credentials.yml` names them."""

from __future__ import annotations

from bot.channel_profiles import ChannelProfiles
from channels.sms import Sms
from channels.telegram import Telegram
from channels.webchat import WebChat
from channels.whatsapp import WhatsApp

PROFILES = ChannelProfiles.of(WebChat.profile, WhatsApp.profile, Telegram.profile, Sms.profile)
